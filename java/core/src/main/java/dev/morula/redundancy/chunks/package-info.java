/** Random chunks of a layer: how well they predict labels and the layer itself (Doimo, Glielmo, Goldt, Laio 2021). */
package dev.morula.redundancy.chunks;

/** The clones themselves: types of neurons that carry the same signal, dealt into clones, and tested on held-out samples. */
package dev.morula.redundancy.clones;

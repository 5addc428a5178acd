/** Groups neurons that carry the same signal, and names a representative of each group. */
package dev.morula.cluster;

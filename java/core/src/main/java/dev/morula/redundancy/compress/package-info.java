/** Makes a network smaller: few neurons of its last hidden layer stand for all of them. */
package dev.morula.redundancy.compress;

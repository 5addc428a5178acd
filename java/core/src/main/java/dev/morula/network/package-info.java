/** Networks as values: layers, their shapes and parameters, and presets built from them. Nothing here computes. */
package dev.morula.network;

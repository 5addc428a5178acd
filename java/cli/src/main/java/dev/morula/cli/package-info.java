/** The {@code morula} program: one class a command. */
package dev.morula.cli;

package org.mcrc.runtime.engine.cpu.support;

import jdk.incubator.vector.VectorSpecies;

/** What the vector registers of this machine allow. */
final class Registers {
    private Registers() {
    }

    /**
     * The rows of a register tile of three vectors' width: 8 need 24 sums, which only 32 registers hold (AVX-512, the
     * vector extensions of ARM), 4 need 12 of the 16 of AVX2.
     */
    static int tileRows(VectorSpecies<?> species) {
        boolean manyRegisters = species.vectorBitSize() >= 512 || System.getProperty("os.arch").equals("aarch64");
        return manyRegisters ? 8 : 4;
    }
}

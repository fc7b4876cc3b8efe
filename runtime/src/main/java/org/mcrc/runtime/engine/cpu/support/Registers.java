package org.mcrc.runtime.engine.cpu.support;

import jdk.incubator.vector.VectorSpecies;

/** What the vector registers of this machine allow. */
final class Registers {
    private Registers() {
    }

    /**
     * Whether there are 32 vector registers (AVX-512, ARM), which hold a register tile of 8 × 3 vectors, and not 16.
     * With 16, 4 × 3 would need every one of them: it spills, and 4 × 2 was measured to be twice as fast.
     */
    static boolean areMany(VectorSpecies<?> species) {
        return species.vectorBitSize() >= 512 || System.getProperty("os.arch").equals("aarch64");
    }
}

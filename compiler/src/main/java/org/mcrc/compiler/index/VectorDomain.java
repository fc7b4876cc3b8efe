package org.mcrc.compiler.index;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A finite set of integer offset vectors, ordered lexicographically, without duplicates. */
public final class VectorDomain implements FiniteDomain {
    private final String name;
    private final int dimension;
    private final int[][] members;
    private final Map<List<Integer>, Integer> ordinals;
    private final int hash;
    private final int distinct;
    private String fingerprint;

    /**
     * @param name what the set is called in printed forms
     * @param dimension the number of components of every member
     * @param members the members in any order; duplicates are dropped
     */
    public VectorDomain(String name, int dimension, List<int[]> members) {
        this.name = name;
        this.dimension = dimension;
        this.members = members.stream().map(int[]::clone).sorted(Arrays::compare).toArray(int[][]::new);
        this.ordinals = new HashMap<>();
        int kept = 0;
        for (int[] member : this.members) {
            if (member.length != dimension) {
                throw new IllegalArgumentException("a member of " + name + " has " + member.length + " components");
            }
            if (ordinals.putIfAbsent(key(member), kept) == null) {
                this.members[kept++] = member;
            }
        }
        this.distinct = kept;
        this.hash = Arrays.deepHashCode(Arrays.copyOf(this.members, kept));
    }

    private static List<Integer> key(int[] components) {
        return Arrays.stream(components).boxed().toList();
    }

    public String name() {
        return name;
    }

    @Override
    public int size() {
        return distinct;
    }

    @Override
    public int components() {
        return dimension;
    }

    @Override
    public int component(int ordinal, int component) {
        return members[ordinal][component];
    }

    /** A copy of the member at {@code ordinal}. */
    public int[] member(int ordinal) {
        return members[ordinal].clone();
    }

    @Override
    public int ordinal(int... components) {
        return ordinals.getOrDefault(key(components), -1);
    }

    /** The same set under another name. */
    public VectorDomain named(String newName) {
        return new VectorDomain(newName, dimension, Arrays.asList(members).subList(0, distinct));
    }

    /** A text that sets have in common if, and only if, they have the same members; its order has no meaning. */
    String fingerprint() {
        if (fingerprint == null) {
            ByteBuffer content = ByteBuffer.allocate(Integer.BYTES * (1 + distinct * dimension)).putInt(dimension);
            for (int k = 0; k < distinct; k++) {
                for (int component : members[k]) {
                    content.putInt(component);
                }
            }
            try {
                fingerprint = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.array()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
        return fingerprint;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof VectorDomain that && hash == that.hash && distinct == that.distinct
                && dimension == that.dimension
                && Arrays.deepEquals(Arrays.copyOf(members, distinct), Arrays.copyOf(that.members, distinct));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}

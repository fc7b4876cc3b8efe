package org.mcrc.runtime.engine;

import java.util.ArrayList;
import java.util.List;
import org.mcrc.compiler.index.Domain;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Tensor;

/** What a program of the Index IR takes and gives. */
public final class ProgramSignature {
    private ProgramSignature() {}

    public static Signature of(IndexProgram program) {
        Grid grid = program.fields().getFirst().tensor().grid();
        return new Signature(program.name(), grid.extents(), program.phases(),
                program.fields().stream().map(ProgramSignature::field).toList(),
                program.outputs().stream().map(ProgramSignature::entry).toList(),
                program.reports().stream().map(ProgramSignature::entry).toList(),
                program.penalties().stream().map(IndexProgram.Penalty::name).toList());
    }

    private static List<FiniteDomain> ownIndices(Tensor field) {
        return field.axes().stream().filter(FiniteDomain.class::isInstance).map(FiniteDomain.class::cast).toList();
    }

    private static Signature.Field field(IndexProgram.Field field) {
        return new Signature.Field(field.name(), shape(field.tensor()), field.low(), field.high(),
                field.phases() && ownIndices(field.tensor()).size() == 1);
    }

    private static Signature.Entry entry(IndexProgram.Output output) {
        return new Signature.Entry(output.entry(), shape(output.value()), output.documentation());
    }

    /** The shape in files: a grid is expanded to its extents, a finite domain is one axis. */
    private static List<Integer> shape(Tensor tensor) {
        List<Integer> shape = new ArrayList<>();
        for (Domain axis : tensor.axes()) {
            switch (axis) {
                case Grid grid -> shape.addAll(grid.extents());
                case FiniteDomain finite -> shape.add(finite.size());
            }
        }
        return shape;
    }
}

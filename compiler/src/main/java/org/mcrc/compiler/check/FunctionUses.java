package org.mcrc.compiler.check;

import java.util.Map;
import java.util.Optional;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.DataDeclaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.LetDeclaration;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;

/**
 * What a function uses besides its arguments, itself or through other functions.
 *
 * @param array a field or let that it reads, if any
 * @param data data that it reads, if any
 * @param level whether it uses the level
 * @param phases whether it uses the number of phases or a set
 */
record FunctionUses(Optional<String> array, Optional<String> data, boolean level, boolean phases) {

    static final FunctionUses NOTHING = new FunctionUses(Optional.empty(), Optional.empty(), false, false);

    /** What {@code function} uses; {@code known} are the functions that come before it. */
    static FunctionUses of(FunctionDeclaration function, Symbols symbols, Map<String, FunctionUses> known) {
        FunctionUses uses = NOTHING;
        for (String name : References.in((Declaration) function).free().keySet()) {
            uses = uses.and(switch (symbols.find(name).orElse(null)) {
                case FieldDeclaration _, LetDeclaration _ ->
                    new FunctionUses(Optional.of(name), Optional.empty(), false, false);
                case DataDeclaration _ -> new FunctionUses(Optional.empty(), Optional.of(name), false, false);
                case FunctionDeclaration _ -> known.getOrDefault(name, NOTHING);
                case VectorsDeclaration _ -> new FunctionUses(Optional.empty(), Optional.empty(), false, true);
                case null, default ->
                    new FunctionUses(Optional.empty(), Optional.empty(), name.equals("level"), name.equals("phases"));
            });
        }
        return uses;
    }

    private FunctionUses and(FunctionUses other) {
        return new FunctionUses(array.or(other::array), data.or(other::data), level || other.level, phases || other.phases);
    }
}

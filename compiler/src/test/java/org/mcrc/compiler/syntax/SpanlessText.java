package org.mcrc.compiler.syntax;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.source.Span;

/** Writes syntax trees out in full, without spans, so that trees from different texts can be compared. */
final class SpanlessText {

    private SpanlessText() {}

    static String of(Object node) {
        return switch (node) {
            case Span _, SourceFile _ -> "";
            case List<?> list -> list.stream().map(SpanlessText::of).toList().toString();
            case Optional<?> optional -> optional.map(SpanlessText::of).orElse("-");
            case OptionalInt optional -> optional.toString();
            case Record tree -> {
                StringBuilder text = new StringBuilder(tree.getClass().getSimpleName()).append('(');
                for (RecordComponent component : tree.getClass().getRecordComponents()) {
                    try {
                        text.append(of(component.getAccessor().invoke(tree))).append(';');
                    } catch (ReflectiveOperationException exception) {
                        throw new AssertionError(exception);
                    }
                }
                yield text.append(')').toString();
            }
            default -> node.toString();
        };
    }
}

package org.mcrc.runtime.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints rows in columns, each as wide as its widest entry. */
final class Table {
    private Table() {}

    static void print(PrintWriter out, List<List<String>> rows, String indent) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column)).append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}

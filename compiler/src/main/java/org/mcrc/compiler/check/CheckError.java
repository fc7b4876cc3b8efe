package org.mcrc.compiler.check;

import java.util.Locale;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.diagnostic.Severity;

/**
 * The kinds of errors and warnings that the checker raises, with their wording. The error index in
 * {@code docs/errors.md} is made of these.
 */
public enum CheckError {
    DUPLICATE_NAME("'%s' is declared twice",
            "Two declarations have the same name. A name is declared once in a file, whatever it is the name of.",
            "Rename one of them."),
    DUPLICATE_LOCAL("%s '%s' is introduced twice",
            "Two indices of one list, two parameters or two solved constants of one function have the same name.",
            "Rename one of them."),
    SHADOWED_NAME("%s '%s' has the name of %s",
            "An index, a parameter or a solved constant has the name of a declaration or of an enclosing index, so "
                    + "that a reader could not tell which is meant.",
            "Rename the index: it is known only where it is introduced."),
    UNKNOWN_NAME("there is no %s '%s'",
            "A name is used that is not declared, or that is known elsewhere only.",
            "Correct the spelling, or declare it."),
    WRONG_KIND("'%s' is %s, but %s is expected here",
            "A name is used as if it were the name of another kind of thing: a set as a number, a field as a set.",
            "Sets stand where indices are introduced, `r: R`; elsewhere stand formulas."),
    RECURSION("'%s' is defined by itself: %s",
            "A declaration refers to itself, directly or through others. There is no recursion.",
            "Break the circle; a repetition is written as a reduction, such as `prod[k: 0..n](…)`."),
    MISSING_FIELD("the descriptor has no field",
            "Nothing is characterized: there is no `field`.",
            "Declare the microstructure, as in `field M in [0, 1]`."),
    MISSING_OUTPUT("the descriptor has no output",
            "Nothing is computed: there is neither an `output` nor a `use`.",
            "Declare what the descriptor consists of, as in `output phi = mean[x](M[x])`."),
    REPEATED_DECLARATION("there is more than one '%s'",
            "`loss`, `multigrid` and `slices` hold for the whole file and are declared once.",
            "Remove all but one."),
    LEVEL_OUT_OF_PLACE("%s does not know the level",
            "`level` is used in something that is not evaluated on each level of the multigrid.",
            "`level` belongs in `let`, `output` and `report`, weights of outputs among them, and in the weight of "
                    + "`multigrid`. A set that differs "
                    + "from level to level is written where its index is introduced, as in `[r: halfwindow(level)]`."),
    PHASES_OUT_OF_PLACE("%s does not know the number of phases",
            "`phases`, or the size of a set, is used where only numbers and params may be: it is known only when a "
                    + "microstructure is.",
            "Use `phases` in the formula itself."),
    ERROR_OUT_OF_PLACE("E, the descriptor error, is known only to the weight of a penalty",
            "`E` is made of all the outputs, so that no output can use it.",
            "Give a penalty a weight such as `weight 10 * E`; give anything else another name."),
    NOT_READABLE("'%s' is %s, which %s cannot read",
            "A formula reads an output, a report or a penalty.",
            "Make it a `let`, and let both read that."),
    NOT_CONSTANT("%s is constant: it cannot %s",
            "Something that must be known before a pixel is read, such as a weight, a bound or a param, reads an "
                    + "array.",
            "Use numbers and params."),
    INDEX_OUT_OF_REACH("'%s' is not known here: %s",
            "A weight, which is one number for a whole output, uses one of its indices; or a set, which is the same "
                    + "for all elements, depends on an index; or a bound uses an index that comes after it.",
            "Instead of the weight multiply the formula; instead of the set use the largest that is needed and a "
                    + "guard, as in `[r: R | norm(r) <= n]`; introduce the index of a bound first."),
    NUMBER_EXPECTED("a number is expected here, but this is %s",
            "A vector or a condition is used as a number.",
            "Of a vector take `norm(r)`, `dot(r, s)` or a component, `r.1`; of a condition `if C then 1 else 0`."),
    VECTOR_EXPECTED("a vector is expected here, but this is %s",
            "A number or a condition is used as a vector. The only number that is a vector is 0.",
            "Write a vector such as `(1, 0)`."),
    CONDITION_EXPECTED("a condition is expected here, but this is %s",
            "A number or a vector is used as if it were true or false.",
            "Compare it with something, as in `z != 0`."),
    POSITION_EXPECTED("'%s' is read at a pixel here, but this is %s",
            "The subscript of a pixel axis is not a pixel index plus a vector.",
            "Write a pixel index of a reduction or of the array that is defined, as in `mean[x](M[x + r])`."),
    INTEGER_EXPECTED("an integer is expected here, but this is %s",
            "A number that is not an integer is used as a bound, a subscript, a component of a vector or the size of "
                    + "a set.",
            "Use integers; the integer division is `div`."),
    SUBSCRIPT_READS_ARRAY("this cannot be a subscript or an offset: it depends on the value of an array or on an argument",
            "Which element is read depends on the microstructure, so that the derivative of the read could not be derived.",
            "Make subscripts of indices, params and numbers; choose between elements with `if … then A[i] else A[j]`."),
    BOUND_INDEX("the bound of a range cannot use '%s', %s",
            "The bound of a range depends on a pixel or vector index.",
            "Bounds use numbers, params, `level` and enclosing integer indices. Use a guard for the rest, as in `[k: "
                    + "0..9 | k <= r.1]`."),
    PIXEL_INDEX_AS_NUMBER("'%s' is a pixel's position, which is not a number",
            "A pixel index is used in a calculation. It has no value of its own: descriptors do not depend on where "
                    + "a pixel lies.",
            "Read an array there, as in `M[x]`. `size(x)` is the number of pixels."),
    PIXEL_ARITHMETIC("%s",
            "A position is calculated in a way that makes no sense for pixels: two positions are added, or one is "
                    + "negated or divided.",
            "A subscript is `x + r` or `K*x + r`, with one pixel index x, a vector r and a positive integer constant "
                    + "K."),
    PIXEL_OFFSET("a pixel index and a number cannot be added: pixels have a position along each axis",
            "A number is added to a pixel index.",
            "Add a vector, as in `x + (1, 0)`."),
    VECTOR_PLUS_NUMBER("a vector and a number cannot be added",
            "A number other than 0 is added to a vector.",
            "Add a vector, as in `r + (1, 0)`."),
    VECTOR_PRODUCT("two vectors cannot be multiplied",
            "`*` or `^` stands between vectors.",
            "The scalar product is `dot(r, s)`, the squared length `dot(r, r)`."),
    VECTOR_DIVISION("a vector cannot be divided",
            "`/`, `div` or `mod` is applied to a vector. Offset vectors have integer components.",
            "Divide a component, as in `r.1 div 2`."),
    VECTOR_FACTOR("a vector can be multiplied by an integer only, but this is %s",
            "A vector is multiplied by something that is not made of integers and indices.",
            "Offsets count pixels: multiply by an integer, as in `k * (1, 0)`."),
    VECTOR_COMPARISON("vectors are not ordered: '%s' cannot compare them",
            "Vectors are compared by `<`, `<=`, `>` or `>=`.",
            "Compare components, `r.1 < s.1`, or lengths, `norm(r) < norm(s)`."),
    CONDITION_COMPARISON("conditions are not compared by '%s'",
            "`==` or another comparison stands between conditions.",
            "Join conditions by `and`, `or`, `not`."),
    INCOMPARABLE("%s and %s cannot be compared",
            "The two sides of a comparison are of different kinds.",
            "Compare numbers with numbers and vectors with vectors; `0` is also the zero vector."),
    DIFFERENT_BRANCHES("one branch is %s, the other %s",
            "`then` and `else` give things of different kinds.",
            "Give both branches the same kind of value."),
    CONDITIONAL_VALUE("'if' chooses between numbers or vectors, but this is %s",
            "`if` chooses between positions or conditions.",
            "Choose between the values read there, as in `if C then A[r] else A[s]`."),
    SUBSCRIPT_COUNT("'%s' is declared as %s, but is read with %s",
            "An array is read with more or fewer subscripts than it has indices. There is no broadcasting: an array "
                    + "is always read with all its indices.",
            "Give one subscript for each index. A field is read at a pixel first, then at its own indices."),
    MISSING_SUBSCRIPTS("'%s' is an array, declared as %s: which element is meant?",
            "An array is used without subscripts.",
            "Read an element, as in `M[x]`."),
    NOT_AN_ARRAY("'%s' is %s, which has no elements",
            "Something that is no array has a subscript.",
            "Functions are called with parentheses, `f(z)`; numbers stand by themselves."),
    NOT_A_FUNCTION("'%s' is %s, which cannot be called",
            "Something that is no function is called.",
            "Elements of arrays are read with brackets, `e[x, r]`; a product needs its `*`."),
    ARGUMENT_COUNT("'%s' takes %s, but is given %s",
            "A function or a set constructor is given too many or too few arguments.",
            "Give it what it takes."),
    NO_DERIVATIVE("'%s' is no function of a number and has no derivative",
            "A prime follows `norm`, `dot`, `size` or `extent`.",
            "Remove the prime."),
    DERIVATIVE_OF_SEVERAL("'%s' has %s parameters, and a prime does not say by which to differentiate",
            "A prime follows the name of a function of several parameters.",
            "Declare a function of the one parameter."),
    DECLARED_DERIVATIVE("'%s' has %s parameters; 'derivative' is for functions of one",
            "`derivative` is given to a function of several parameters.",
            "Make the others params, or split the function."),
    SOLVE_COUNT("%s determined by %s",
            "`solve` needs one equation for each constant.",
            "Add an equation or remove a constant."),
    UNUSED_SOLVED("the equations do not determine '%s': neither they nor the function use it",
            "A constant of `solve` occurs nowhere.",
            "Use it in the function, or remove it and one equation."),
    VECTOR_SET_EXPECTED("a set of vectors is expected here, but these are integers",
            "Integers are used as a vector set, or joined with one.",
            "Make vectors of them, as in `{(k, 0) for k in 0..3}`. An index over integers is written `k: 0..3`."),
    UNEXPECTED_PIXEL_INDEX("%s has no pixel index: '%s' needs a set",
            "An index of a field, of data or of a set has no set. A field's pixels need no index of their own.",
            "Write the set, as in `[c: 0..3]`."),
    SEVERAL_PIXEL_INDICES("'%s' has two pixel indices: it would be pixels times pixels large",
            "An array has a pixel index more than once.",
            "Use one pixel index and offset vectors, `M[x + r]`."),
    PIXEL_INDEX_WITHOUT_GRID("nothing is read at '%s', so that its grid is unknown",
            "A pixel index occurs in no subscript: how many pixels it ranges over cannot be inferred.",
            "Read an array at it, or remove it."),
    DIFFERENT_GRIDS("'%s' is a pixel of two grids: %s",
            "The arrays that are read at a pixel index have different numbers of pixels.",
            "Read the finer array at `K*x + d`, or define a coarser one by pooling."),
    DIMENSION_MISMATCH("this is for %s dimensions, but the descriptor has %s",
            "Vectors of two and of three components occur in one file, or do not match the field's rank. Slices have "
                    + "two dimensions.",
            "Give all vectors as many components as the field has axes."),
    DIMENSION_RANGE("vectors have two or three components, but this has %s",
            "A vector has more components than a microstructure can have axes.",
            "Microstructures have rank 2 or 3."),
    NO_SUCH_COMPONENT("vectors have no component %s",
            "A component is selected that vectors do not have. Components are counted from 1.",
            "Use `r.1`, `r.2` and, in three dimensions, `r.3`."),
    NO_COMPONENTS("this has no components: it is %s",
            "A component of something that is no vector is selected.",
            "Components are those of vectors, as in `r.1`."),
    NO_SUCH_AXIS("there is no axis %s",
            "The axis of `extent` is not 1, 2 or 3.",
            "Axes are counted from 1."),
    PIXEL_INDEX_EXPECTED("'%s' takes a pixel index",
            "`size` or `extent` is given something else than a pixel index.",
            "Give it a pixel index that is known there, as in `size(x)`."),
    INVALID_SET_SIZE("%s cannot be %s",
            "A set is made with a negative size, or another constant is out of its range.",
            "Use a positive integer."),
    SLICES_OF_IMAGE("slices are of a volume, but '%s' has rank 2",
            "`slices` is declared, and a field has rank 2.",
            "Declare `rank 3`, or leave the rank out."),
    EMPTY_INTERVAL("the interval is empty: %s is above %s",
            "The bounds of `in [LO, HI]` are in the wrong order.",
            "Write the smaller bound first."),
    VALUE_OUT_OF_RANGE("'%s' must be in [%s, %s], but is %s",
            "The default of a param, or the value that `use … with` gives it, is outside its range.",
            "Change the value or the range."),
    INVALID_FACTOR("levels must be coarser by an integer factor of at least 2, but this is %s",
            "The factor of `multigrid` is not an integer, or is less than 2.",
            "Use `factor 2`."),
    INVALID_PIXEL_FACTOR("the factor of a pixel index is a positive integer constant, but this is %s",
            "A pixel index is multiplied by something else than a positive integer constant.",
            "Write `2*x + d` to read a grid that is finer by 2."),
    UNREADABLE_USE("'%s' cannot be included: %s",
            "The file that `use` names cannot be read.",
            "File names are relative to the file that names them."),
    RECURSIVE_USE("'%s' includes itself: %s",
            "A file includes itself, directly or through others.",
            "Break the circle."),
    UNKNOWN_USED_PARAM("'%s' has no param '%s'",
            "`with` gives a value to a param that the included descriptor does not have.",
            "Correct the spelling; only params can be given values."),
    REPEATED_ASSIGNMENT("'%s' is given a value twice",
            "`with` names a param twice.",
            "Remove one of the values."),
    MISSING_USED_FIELD("'%s' characterizes a field '%s', which is not declared here",
            "The included descriptor has a field that the including file does not declare.",
            "Declare a field of the same name and indices."),
    DIFFERENT_USED_FIELD("field '%s' is declared as %s here, but as %s in '%s'",
            "The included descriptor's field has other indices or another rank than the field of the same name here.",
            "Declare both alike."),
    GUARD_READS_ARRAY("which elements there are cannot depend on the values of '%s'",
            "The guard of an output or a report reads an array. Which elements there are is known before a pixel is "
                    + "read.",
            "Use indices and params in the guard; put the dependence into the formula."),
    NOT_DIFFERENTIABLE("no output depends smoothly on a field, so that nothing can be reconstructed from this "
                    + "descriptor",
            "The derivative of every output by every field is zero everywhere, because the outputs do not depend on "
                    + "a field, or only through `step`, `sign`, `floor` or comparisons.",
            "Use a smooth function such as `sigmoid`, or declare the derivative to use, as in `function hard(z) = "
                    + "step(z - 0.5) derivative …`."),
    ZERO_DERIVATIVE(Severity.WARNING, "the derivative of %s is zero everywhere: the gradient does not see what "
                    + "depends on the field through it",
            "Between a field and an output or penalty stands `step`, `sign`, `floor` or a comparison.",
            "Declare the derivative to use instead, as in `function hard(z) = step(z - 0.5) derivative …`, or use a "
                    + "smooth function such as `sigmoid`."),
    CONSTANT_OUTPUT(Severity.WARNING, "%s '%s' does not depend on a field",
            "An output or penalty is the same for all microstructures.",
            "Read a field in it, or make it a `report`."),
    UNUSED_DECLARATION(Severity.WARNING, "%s '%s' is not used",
            "Nothing refers to the declaration.",
            "Remove it, or use it."),
    TOO_MANY_ERRORS("there are too many errors; the rest is not shown",
            "The file has more errors than are worth reading at once.",
            "Mend the first ones; many of the others may be their consequences.");

    private final DiagnosticKind kind;
    private final String template;
    private final String cause;
    private final String mend;

    CheckError(String template, String cause, String mend) {
        this(Severity.ERROR, template, cause, mend);
    }

    CheckError(Severity severity, String template, String cause, String mend) {
        this.kind = new DiagnosticKind(name().toLowerCase(Locale.ROOT).replace('_', '-'), severity);
        this.template = template;
        this.cause = cause;
        this.mend = mend;
    }

    /** The kind of diagnostic. */
    public DiagnosticKind kind() {
        return kind;
    }

    /** What the user is told, a format for {@link String#format}. */
    public String template() {
        return template;
    }

    /** What the error is about, in a sentence or two of Markdown. */
    public String cause() {
        return cause;
    }

    /** How it is mended, in a sentence or two of Markdown. */
    public String mend() {
        return mend;
    }

    String message(Object... arguments) {
        return template.formatted(arguments);
    }
}

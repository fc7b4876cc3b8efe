/*
 * The grammar of one declaration of a descriptor file.
 *
 * A file is split into declarations before it is parsed (every one starts with a keyword that stands nowhere else), so
 * that each is parsed by itself. What the grammar lets through and the language does not, such as `rank 5` or a chain
 * of comparisons, is reported while the syntax tree is built, where it can be said in the user's terms.
 */
grammar Mcr;

declaration
    : (descriptor | param | field | data | vectors | function | multigrid | slices | let | output | report | penalty
        | loss | use) EOF
    ;

descriptor : 'descriptor' name ;

param : 'param' name '=' expression interval? ;

field : 'field' name indices? fieldProperty* ;

fieldProperty
    : interval              # fieldRange
    | 'rank' expression     # fieldRank
    | 'boundary' identifier # fieldBoundary
    ;

interval : 'in' '[' low=expression ',' high=expression ']' ;

data : 'data' name indices? 'from' STRING ;

vectors : 'vectors' name '=' set ;

function
    : 'function' name '(' name (',' name)* ')' '=' body=expression
      ('solve' unknown (',' unknown)* 'where' equation (',' equation)*)?
      ('derivative' derivative=expression)?
    ;

unknown : name '=' expression ;

equation : left=expression '=' right=expression ;

multigrid : 'multigrid' 'coarsest' coarsest=expression multigridProperty* ;

multigridProperty
    : 'factor' expression # multigridFactor
    | 'weight' expression # multigridWeight
    ;

slices : 'slices' (identifier | INTEGER (',' INTEGER)*) ;

let : 'let' name indices? '=' expression ;

output : 'output' name indices? '=' body=expression ('weight' weight=expression)? ;

report : 'report' name indices? '=' expression ;

penalty : 'penalty' name indices? '=' body=expression ('weight' weight=expression)? ;

loss : 'loss' identifier ;

use : 'use' name 'from' STRING ('with' assignment (',' assignment)*)? ('weight' weight=expression)? ;

assignment : name '=' expression ;

indices : '[' binding (',' binding)* ('|' guard=expression)? ']' ;

binding : name (':' set)? ;

// What ranges over integers or vectors. Sets and expressions look alike up to their last word, so that both are parsed
// as expressions; which of the two it must be is known, and checked, where the syntax tree is built.
set : low=expression ('..' high=expression)? ;

expression
    : primary                                                                                    # primaryExpression
    | expression '.' INTEGER                                                                     # component
    | <assoc=right> left=expression operator='^' right=expression                                # binary
    | operator='-' expression                                                                    # unary
    | left=expression operator='&' right=expression                                              # binary
    | left=expression operator=('*' | '/' | 'div' | 'mod') right=expression                      # binary
    | left=expression operator=('+' | '-') right=expression                                      # binary
    | left=expression operator=('==' | '!=' | '<' | '<=' | '>' | '>=') right=expression          # binary
    | operator='not' expression                                                                  # unary
    | left=expression operator='and' right=expression                                            # binary
    | left=expression operator='or' right=expression                                             # binary
    | 'if' condition=expression 'then' consequence=expression 'else' alternative=expression      # conditional
    ;

primary
    : (INTEGER | DECIMAL)                                                               # number
    | (identifier | 'pi' | 'E' | 'level' | 'phases')                                    # reference
    | 'count' '(' set ')'                                                               # count
    | (identifier | 'max' | 'min') PRIMES? '(' expression (',' expression)* ')'         # call
    | identifier '[' expression (',' expression)* ']'                                   # subscript
    | reducer indices '(' expression ')'                                                # reduction
    | '(' set (',' expression)* ')'                                                     # vectorOrGroup
    | '{' name 'in' set '|' condition=expression '}'                                    # filteredSet
    | '{' expression ('for' generator (',' generator)* | (',' expression)*) '}'         # mappedOrEnumeratedSet
    ;

reducer : 'sum' | 'mean' | 'prod' | 'max' | 'min' ;

generator : name 'in' set ;

// A name where it is introduced. Reserved words are let through here and reported by name.
name : identifier | 'pi' | 'E' | 'level' | 'phases' | 'count' | reducer ;

// Words that mean something in one place only are names everywhere else.
identifier
    : IDENTIFIER
    | 'weight' | 'boundary' | 'rank' | 'from' | 'with' | 'coarsest' | 'factor' | 'solve' | 'where' | 'derivative'
    | 'for'
    ;

DESCRIPTOR : 'descriptor' ;
PARAM      : 'param' ;
FIELD      : 'field' ;
DATA       : 'data' ;
VECTORS    : 'vectors' ;
FUNCTION   : 'function' ;
MULTIGRID  : 'multigrid' ;
SLICES     : 'slices' ;
LET        : 'let' ;
OUTPUT     : 'output' ;
REPORT     : 'report' ;
PENALTY    : 'penalty' ;
LOSS       : 'loss' ;
USE        : 'use' ;

IF     : 'if' ;
THEN   : 'then' ;
ELSE   : 'else' ;
AND    : 'and' ;
OR     : 'or' ;
NOT    : 'not' ;
DIV    : 'div' ;
MOD    : 'mod' ;
IN     : 'in' ;
PHASES : 'phases' ;
LEVEL  : 'level' ;
PI     : 'pi' ;
DESCRIPTOR_ERROR : 'E' ;
COUNT  : 'count' ;
SUM    : 'sum' ;
MEAN   : 'mean' ;
PROD   : 'prod' ;
MAX    : 'max' ;
MIN    : 'min' ;

WEIGHT     : 'weight' ;
BOUNDARY   : 'boundary' ;
RANK       : 'rank' ;
FROM       : 'from' ;
WITH       : 'with' ;
COARSEST   : 'coarsest' ;
FACTOR     : 'factor' ;
SOLVE      : 'solve' ;
WHERE      : 'where' ;
DERIVATIVE : 'derivative' ;
FOR        : 'for' ;

PLUS             : '+' ;
MINUS            : '-' ;
TIMES            : '*' ;
OVER             : '/' ;
POWER            : '^' ;
EQUAL            : '==' ;
NOT_EQUAL        : '!=' ;
LESS             : '<' ;
LESS_OR_EQUAL    : '<=' ;
GREATER          : '>' ;
GREATER_OR_EQUAL : '>=' ;
ASSIGN           : '=' ;
COMMA            : ',' ;
COLON            : ':' ;
BAR              : '|' ;
AMPERSAND        : '&' ;
RANGE            : '..' ;
POINT            : '.' ;
OPEN_PARENTHESIS   : '(' ;
CLOSE_PARENTHESIS  : ')' ;
OPEN_BRACKET       : '[' ;
CLOSE_BRACKET      : ']' ;
OPEN_BRACE         : '{' ;
CLOSE_BRACE        : '}' ;

INTEGER    : DIGIT+ ;
DECIMAL    : DIGIT+ '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT ;
PRIMES     : '\''+ ;
STRING     : '"' ~["\r\n]* '"' ;
IDENTIFIER : LETTER (LETTER | [\p{Nd}_])* ;

DOCUMENTATION : '///' (~[/\r\n] ~[\r\n]*)? -> channel(HIDDEN) ;
LINE_COMMENT  : '//' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'+ '/' -> skip ;
SPACE         : [\p{White_Space}\uFEFF]+ -> skip ;

// What has no place in the language, told apart so that the message can say what was meant.
UNTERMINATED_COMMENT : '/*' (~'*' | '*'+ ~[*/])* '*'* ;
UNTERMINATED_STRING  : '"' ~["\r\n]* ;
HASH_COMMENT         : '#' ~[\r\n]* ;
FOREIGN_OPERATOR     : '&&' | '||' | '**' | '<>' | '=<' | '=>' | ':=' | '===' | '!==' | '...' ;
MALFORMED_NAME       : '_' (LETTER | [\p{Nd}_])* ;
OTHER                : . ;

fragment DIGIT    : [0-9] ;
fragment EXPONENT : [eE] [+-]? DIGIT+ ;
fragment LETTER   : [\p{L}] ;

grammar Mcr;

file : 'descriptor' IDENTIFIER EOF ;

IDENTIFIER : [A-Za-z_] [A-Za-z_0-9]* ;
WS : [ \t\r\n]+ -> skip ;

; The calls in env.py that say how revisions run, and the naming convention of a MetaData.
(call
  function: [(attribute attribute: (identifier) @_name) (identifier) @_name]
  (#eq? @_name "configure")) @configure

(call
  function: [(attribute attribute: (identifier) @_class) (identifier) @_class]
  arguments: (argument_list
    (keyword_argument name: (identifier) @_keyword value: (_) @convention))
  (#eq? @_keyword "naming_convention"))

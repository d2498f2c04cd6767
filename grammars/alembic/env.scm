; The calls in env.py that say how revisions run, and the naming convention of a MetaData.
(call
  function: [(attribute attribute: (identifier) @_name) (identifier) @_name]
  (#eq? @_name "configure")) @configure

(call
  arguments: (argument_list
    (keyword_argument name: (identifier) @_keyword value: (_) @convention))
  (#eq? @_keyword "naming_convention"))

(assignment
  left: (attribute attribute: (identifier) @_attribute)
  right: (_) @assigned
  (#eq? @_attribute "naming_convention"))

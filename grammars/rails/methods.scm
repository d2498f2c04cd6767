; What can be members of a migration's class, wherever they stand: for a text that is no class yet.
[(method) (singleton_method)] @member

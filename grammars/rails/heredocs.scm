; Where heredocs begin and what they say: the bodies follow in the order in which they are announced.
(heredoc_beginning) @begin
(heredoc_body) @body

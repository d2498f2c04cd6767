"""The words everything else is written in: text and spans, operations, postconditions, migrations, findings, edits."""

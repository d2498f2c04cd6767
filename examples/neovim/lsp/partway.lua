-- Partway's language server for Neovim 0.11 and later: `vim.lsp.enable('partway')` starts it where migrations are.
-- Whatever stands here can be changed with `vim.lsp.config('partway', { ... })`.
return {
  cmd = { 'partway', 'server' },
  -- The server says nothing about SQL files that are no migrations.
  filetypes = { 'sql', 'mysql', 'plsql' },
  -- The nearest folder with one of these is the project. Names in one inner list count alike.
  root_markers = {
    { 'partway.toml', '.git', '.hg', '.jj' },
    { 'flyway.toml', 'flyway.conf', 'pyproject.toml' },
  },
  -- The same as the command line's options; they count more than partway.toml. See the guide to configuration.
  settings = {
    partway = {},
  },
}

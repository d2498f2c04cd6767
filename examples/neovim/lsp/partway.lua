-- Partway's language server for Neovim 0.11 and later: `vim.lsp.enable('partway')` starts it where migrations are.
-- Whatever stands here can be changed with `vim.lsp.config('partway', { ... })`.
return {
  cmd = { 'partway', 'server' },
  -- The server says nothing about SQL files that are no migrations, and is not started for other programs.
  filetypes = { 'sql', 'mysql', 'plsql', 'ruby', 'python' },
  -- The nearest folder with one of these is the project.
  root_dir = function(buffer, found)
    local partway = require('partway')
    if partway.may_be_migration(buffer) then
      found(partway.root(buffer))
    end
  end,
  -- The same as the command line's options; they count more than partway.toml. See the guide to configuration.
  settings = {
    partway = {},
  },
}

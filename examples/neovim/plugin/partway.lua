-- Commands for Partway, and the server switched on. Put this folder on 'runtimepath', or install it as a plugin.
if vim.g.loaded_partway then
  return
end
vim.g.loaded_partway = true

local partway = require('partway')

vim.api.nvim_create_user_command('PartwayFix', function()
  partway.apply('source.fixAll.partway')
end, { desc = 'Fix everything in this migration that Partway can fix safely' })

vim.api.nvim_create_user_command('PartwayGuard', function()
  partway.apply('source.guardAll.partway')
end, { desc = 'Guard every operation in this migration' })

vim.api.nvim_create_user_command('PartwayExplain', function(arguments)
  partway.explain(arguments.args)
end, { nargs = '?', desc = 'Show the page of a rule, or of the finding under the cursor' })

if vim.lsp.enable then
  vim.lsp.enable('partway')
else
  partway.start_on_open() -- Neovim 0.8 to 0.10
end

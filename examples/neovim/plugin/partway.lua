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

vim.api.nvim_create_user_command('PartwayDatabase', function()
  partway.command('chooseDatabase')
end, { desc = 'Choose the database to ask what is applied' })

vim.api.nvim_create_user_command('PartwayStatus', function()
  partway.command('refreshStatus')
end, { desc = 'Ask the chosen database anew about this migration' })

vim.api.nvim_create_user_command('PartwayResume', function()
  partway.command('resume')
end, { desc = 'Write the migration that finishes this one, which stopped half way' })

if vim.lsp.inlay_hint and vim.lsp.codelens then
  partway.show_status() -- Neovim 0.10 and later
end

if vim.lsp.enable then
  vim.lsp.enable('partway')
else
  partway.start_on_open() -- Neovim 0.8 to 0.10
end

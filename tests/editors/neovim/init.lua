-- The documented configuration: the plugin folder on 'runtimepath', everything else as a fresh Neovim has it.
vim.opt.runtimepath:prepend(vim.env.PARTWAY_PLUGIN)
if vim.env.PARTWAY_OLDER then
  vim.lsp.enable = nil -- as before Neovim 0.11
end

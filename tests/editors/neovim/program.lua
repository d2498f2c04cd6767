-- A migration that is a program, in a real Neovim: its file type starts the server, a quick fix and fix-all mend it.
local function wait(what, predicate)
  assert(vim.wait(60000, predicate, 20), 'timed out: ' .. what)
end

local function codes()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    found[#found + 1] = one.code
  end
  table.sort(found)
  return table.concat(found, ',')
end

local ok, problem = xpcall(function()
  vim.cmd('runtime! plugin/partway.lua')
  vim.cmd('filetype on')
  vim.cmd.edit(vim.env.PARTWAY_FILE)
  wait('findings', function()
    return #vim.diagnostic.get(0) > 0
  end)
  print('filetype=' .. vim.bo.filetype)
  print('before=' .. codes())
  local first = vim.diagnostic.get(0)[1]
  local many = #vim.diagnostic.get(0)
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.isPreferred and action.kind == 'quickfix'
    end,
  })
  wait('the quick fix', function()
    return #vim.diagnostic.get(0) < many
  end)
  print('quickfix=' .. codes())
  vim.cmd('PartwayFix')
  wait('fix all', function()
    return #vim.diagnostic.get(0) == 0
  end)
  vim.cmd('silent write')
  -- A program that is no migration starts nothing.
  vim.cmd.edit(vim.env.PARTWAY_OTHER)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  print('other=' .. #get({ bufnr = 0, name = 'partway' }))
end, debug.traceback)

if ok then
  print('PARTWAY SESSION DONE')
  vim.cmd('qall!')
else
  print(problem)
  vim.cmd('cquit 1')
end

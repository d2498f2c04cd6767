-- A session in a real Neovim: open, look, fix one, fix all, save. Prints what it saw; any failure ends it with 1.
local function wait(what, predicate)
  assert(vim.wait(60000, predicate, 20), 'timed out: ' .. what)
end

local function codes(buffer)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    assert(one.source == 'partway')
    found[#found + 1] = one.code
  end
  table.sort(found)
  return found
end

local function count(code)
  local number = 0
  for _, one in ipairs(codes(0)) do
    number = number + (one == code and 1 or 0)
  end
  return number
end

local ok, problem = xpcall(function()
  vim.cmd('runtime! plugin/partway.lua')
  vim.cmd.edit(vim.env.PARTWAY_FILE)
  vim.cmd('filetype on')
  vim.bo.filetype = 'sql'
  wait('findings', function()
    return #vim.diagnostic.get(0) > 0
  end)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  local client = get({ name = 'partway' })[1]
  print('encoding=' .. client.offset_encoding)
  print('root=' .. tostring(client.config.root_dir))
  print('before=' .. table.concat(codes(0), ','))

  local creates = count('unguarded-create')
  assert(creates > 0)
  local first = vim.tbl_filter(function(one)
    return one.code == 'unguarded-create'
  end, vim.diagnostic.get(0))[1]
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.isPreferred and action.kind == 'quickfix'
    end,
  })
  wait('the quick fix', function()
    return count('unguarded-create') == creates - 1
  end)
  print('quickfix=' .. vim.api.nvim_buf_get_lines(0, first.lnum, first.lnum + 1, false)[1])

  vim.lsp.buf.hover()
  wait('the hover', function()
    return #vim.api.nvim_list_wins() > 1
  end)
  vim.cmd('silent! only')

  vim.cmd('PartwayFix')
  wait('fix all', function()
    return count('unguarded-create') + count('unguarded-add') + count('unguarded-drop') == 0
  end)
  print('after=' .. table.concat(codes(0), ','))
  vim.cmd('PartwayExplain unguarded-create')
  vim.cmd('silent! only')

  -- The same again at a save, as the guide has it.
  vim.api.nvim_create_autocmd('BufWritePre', {
    callback = function(event)
      require('partway').fix_before_save(event.buf, 10000)
    end,
  })
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'DROP TABLE `表🚀` /* 役割 */;', 'DROP TABLE last_one;' })
  wait('the new finding', function()
    return count('unguarded-drop') == 2
  end)
  vim.cmd('silent write')
  wait('fix on save', function()
    return count('unguarded-drop') == 0
  end)
  vim.diagnostic.reset()
end, debug.traceback)

if ok then
  print('PARTWAY SESSION DONE')
  vim.cmd('qall!')
else
  print(problem)
  vim.cmd('cquit 1')
end

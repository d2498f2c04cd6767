-- A migration that stopped half way, in a real Neovim: lenses and hints, a database chosen, asked anew. Prints what it
-- saw; any failure ends it with 1.
local function wait(what, predicate)
  assert(vim.wait(60000, predicate, 20), 'timed out: ' .. what)
end

local function lenses()
  local titles = {}
  for _, one in ipairs(vim.lsp.codelens.get(0)) do
    titles[#titles + 1] = one.command and one.command.title or ''
  end
  return table.concat(titles, ' | ')
end

local function hints()
  local labels = {}
  for _, one in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
    labels[#labels + 1] = one.inlay_hint.position.line .. ' ' .. one.inlay_hint.label
  end
  return table.concat(labels, ',')
end

local ok, problem = xpcall(function()
  vim.cmd('runtime! plugin/partway.lua')
  local asked = {}
  vim.ui.select = function(items, _, chosen)
    asked[#asked + 1] = items[1].title or items[1]
    chosen(items[1], 1)
  end
  vim.cmd.edit(vim.env.PARTWAY_FILE)
  vim.cmd('filetype on')
  vim.bo.filetype = 'sql'
  wait('a lens', function()
    return lenses() ~= ''
  end)
  print('before=' .. lenses())
  print('unasked=' .. hints())
  vim.cmd('PartwayDatabase')
  wait('where it stopped', function()
    return lenses():match('applied on dev') ~= nil
  end)
  print('after=' .. lenses())
  wait('hints', function()
    return hints() ~= ''
  end)
  print('hints=' .. hints())
  wait('what the database says, among the findings', function()
    for _, one in ipairs(vim.diagnostic.get(0)) do
      if one.code == 'half-applied' then
        return true
      end
    end
  end)

  -- The migration that finishes it opens as a new file; running it completes the work, on a copy.
  local migration = vim.api.nvim_buf_get_name(0)
  vim.cmd('PartwayResume')
  wait('the resume migration', function()
    return vim.api.nvim_buf_get_name(0):match('_resume%.sql$') ~= nil and vim.api.nvim_buf_line_count(0) > 1
  end)
  print('resume=' .. vim.fs.basename(vim.api.nvim_buf_get_name(0)))
  print('modified=' .. tostring(vim.bo.modified))
  vim.cmd('silent write')
  vim.fn.system({ vim.env.PARTWAY_PYTHON, '-c', vim.env.PARTWAY_FINISH, vim.api.nvim_buf_get_name(0) })
  assert(vim.v.shell_error == 0)
  vim.cmd.edit(migration)
  vim.cmd('PartwayStatus')
  wait('all of it', function()
    return lenses():match('^5 of 5') ~= nil
  end)
  print('finished=' .. lenses())
  vim.fn.system({ vim.env.PARTWAY_PYTHON, '-c', vim.env.PARTWAY_BACK })
  assert(vim.v.shell_error == 0)

  -- Somebody has gone on by hand; the lens on the first line asks again.
  vim.fn.system({ vim.env.PARTWAY_PYTHON, '-c', vim.env.PARTWAY_GO_ON })
  assert(vim.v.shell_error == 0)
  vim.cmd('PartwayStatus')
  wait('the later point', function()
    return lenses():match('^4 of 5') ~= nil
  end)
  print('later=' .. lenses())
  vim.fn.delete('dev.db')
  vim.cmd('silent write')
  wait('a quiet word', function()
    return lenses():match('no such database') ~= nil
  end)
  print('gone=' .. lenses())
  wait('no hints', function()
    return hints() == ''
  end)
  print('errors=' .. vim.v.errmsg)
end, debug.traceback)

if ok then
  print('PARTWAY SESSION DONE')
  vim.cmd('qall!')
else
  print(problem)
  vim.cmd('cquit 1')
end

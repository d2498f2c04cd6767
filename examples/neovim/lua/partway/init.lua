-- What the commands do, and how the server is started where there is no vim.lsp.enable.
local M = {}

local MARKERS = { 'partway.toml', '.git', '.hg', '.jj' }
local OTHER_MARKERS = { 'flyway.toml', 'flyway.conf', 'pyproject.toml', 'Gemfile', 'manage.py', 'alembic.ini' }
local FILETYPES = { 'sql', 'mysql', 'plsql', 'ruby', 'python' }

-- Whether a buffer can hold a migration: an SQL file, or a program where migrations are.
function M.may_be_migration(buffer)
  local path = vim.api.nvim_buf_get_name(buffer):gsub('\\', '/')
  local name = path:match('[^/]*$'):lower()
  if name:match('%.rb$') then
    return name:match('^%d+_') ~= nil
  elseif name:match('%.py$') then
    local near = path:lower():match('([^/]*/[^/]*/[^/]*)/[^/]*$') or path:lower()
    return near:match('migrat') ~= nil or near:match('alembic') ~= nil or near:match('versions') ~= nil
  end
  return true
end

-- The folder that is a buffer's project.
function M.root(buffer)
  local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(buffer))
  for _, markers in ipairs({ MARKERS, OTHER_MARKERS }) do
    local found = vim.fs.find(markers, { upward = true, path = folder })[1]
    if found then
      return vim.fs.dirname(found)
    end
  end
  return vim.fn.getcwd()
end

-- Apply the one code action of this kind to the whole buffer.
function M.apply(kind)
  local last = vim.api.nvim_buf_line_count(0)
  vim.lsp.buf.code_action({
    context = { only = { kind }, diagnostics = {} },
    range = { start = { 1, 0 }, ['end'] = { last, 0 } },
    filter = function(action)
      return action.kind == kind
    end,
    apply = true,
  })
end

-- Fix the buffer and wait for it, so that it can be done before saving.
function M.fix_before_save(buffer, timeout)
  buffer = buffer or 0
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(get({ bufnr = buffer, name = 'partway' })) do
    local params = {
      textDocument = vim.lsp.util.make_text_document_params(buffer),
      range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } },
      context = { only = { 'source.fixAll.partway' }, diagnostics = {} },
    }
    local answer = client.request_sync('textDocument/codeAction', params, timeout or 1000, buffer)
    for _, action in ipairs(answer and answer.result or {}) do
      local resolved = client.request_sync('codeAction/resolve', action, timeout or 1000, buffer)
      if resolved and resolved.result and resolved.result.edit then
        vim.lsp.util.apply_workspace_edit(resolved.result.edit, client.offset_encoding)
      end
    end
  end
end

-- Show a rule's page: the one named, or that of the first finding on the cursor's line.
function M.explain(rule)
  if not rule or rule == '' then
    local line = vim.api.nvim_win_get_cursor(0)[1] - 1
    for _, finding in ipairs(vim.diagnostic.get(0, { lnum = line })) do
      -- What a database says is no rule's finding and has no page.
      if finding.source == 'partway' and finding.code ~= 'half-applied' and not finding.code:match('^state%-') then
        rule = finding.code
        break
      end
    end
  end
  if not rule or rule == '' then
    vim.notify('Partway has found nothing on this line', vim.log.levels.INFO)
    return
  end
  local text = vim.fn.systemlist({ 'partway', 'explain', rule })
  if vim.v.shell_error ~= 0 then
    vim.notify(table.concat(text, '\n'), vim.log.levels.ERROR)
    return
  end
  vim.lsp.util.open_floating_preview(text, 'markdown', { border = 'rounded', focus_id = 'partway' })
end

-- Show what the chosen database says: hints beside the operations, lenses above the migration.
function M.show_status()
  local function refresh(buffer)
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  -- Neovim drops a refresh while another one is on its way, whose answer may be out of date by then.
  local function ask(client, buffer)
    local show = vim.lsp.codelens.on_codelens
    if not show then
      return refresh(buffer)
    end
    local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
    client.request('textDocument/codeLens', params, show, buffer)
  end
  -- Neovim cannot be told to ask for lenses anew, but hears that there is an answer.
  vim.lsp.handlers['partway/status'] = function(_, _, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    for _, buffer in ipairs(client and vim.lsp.get_buffers_by_client_id(context.client_id) or {}) do
      ask(client, buffer)
    end
  end
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('partway-status', {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'partway' then
        vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
        refresh(event.buf)
        vim.api.nvim_create_autocmd('InsertLeave', {
          buffer = event.buf,
          callback = function()
            refresh(event.buf)
          end,
        })
      end
    end,
  })
end

-- Run one of the server's commands for the current buffer.
function M.command(name)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(get({ bufnr = 0, name = 'partway' })) do
    client.request('workspace/executeCommand', {
      command = 'partway.' .. name,
      arguments = { { uri = vim.uri_from_bufnr(0) } },
    }, function() end)
  end
end

-- Start the server for each migration: what vim.lsp.enable does from Neovim 0.11 on.
function M.start_on_open(options)
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('partway', {}),
    pattern = FILETYPES,
    callback = function(event)
      if not M.may_be_migration(event.buf) then
        return
      end
      vim.lsp.start(vim.tbl_deep_extend('force', {
        name = 'partway',
        cmd = { 'partway', 'server' },
        root_dir = M.root(event.buf),
        settings = { partway = {} },
      }, options or {}))
    end,
  })
end

return M

# ActiveRecord's worker: forks a process per project, which runs migrations. See tests/runners/worker.py.
# frozen_string_literal: true

require "json"
require "socket"
gem "activerecord", "~> 6.1.0"
require "active_record"
require "active_record/connection_adapters/postgresql_adapter"
require "active_record/connection_adapters/mysql2_adapter"
require "active_record/connection_adapters/sqlite3_adapter"

# The fault that a test asked for.
class Stopped < StandardError; end

# Counts the operations of one run, and stops it after one of them, when that is asked for.
class Fault
  class << self
    attr_accessor :current
  end

  # What changes the database; BEGIN and SAVEPOINT begin what counts once it is committed.
  CHANGES = /\A\s*(?:CREATE|ALTER|DROP|RENAME|INSERT|UPDATE|DELETE|TRUNCATE|COMMENT|COMMIT|REFRESH|VACUUM)\b/i

  def initialize(wish)
    @left = wish ? wish["after"] : -1
    @kill = wish && wish["how"] == "kill"
    @unit = wish ? wish["unit"] : "operation"
  end

  def operation_done
    done if @unit == "operation"
  end

  # A statement counts when it is kept whatever follows.
  def statement_done(sql, connection)
    return unless @unit == "statement" && CHANGES.match?(sql)

    done if connection.open_transactions.zero? || /\A\s*COMMIT/i.match?(sql)
  end

  private

  def done
    @left -= 1
    return unless @left.zero?

    Process.kill(:KILL, Process.pid) if @kill
    raise Stopped, "the test stops the migration here"
  end

  # Goes before Migration#method_missing, through which each call of a migration reaches the connection.
  module Counting
    # Rails lists what it can record in a `change`. The further ones it does not record; a block of statements is none.
    OPERATIONS = Set.new(ActiveRecord::Migration::CommandRecorder::ReversibleAndIrreversibleMethods) -
                 %i[transaction execute_block] +
                 %i[change_table rename_sequence validate_foreign_key validate_constraint create_schema drop_schema
                    insert update delete exec_query exec_update exec_insert exec_delete]

    def method_missing(name, *arguments, &block)
      done = super
      Fault.current&.operation_done if OPERATIONS.include?(name) && !connection.respond_to?(:revert)
      done
    end
    ruby2_keywords(:method_missing)
  end
  ActiveRecord::Migration.prepend(Counting)
end

# One project: its migrations on its database.
class Served
  LOCK_TIMEOUT = 10 # seconds; a migration that waits for itself must end

  def initialize
    @statements = []
    @warnings = []
    ActiveSupport::Notifications.subscribe("sql.active_record") do |*, payload|
      next if payload[:name] == "SCHEMA"

      @statements << payload[:sql]
      Fault.current&.statement_done(payload[:sql], payload[:connection]) unless payload[:exception]
    end
    ActiveSupport::Deprecation.behavior = ->(message, *) { @warnings << message }
  end

  def answer(request)
    if request["request"] == "open"
      open(request)
      return {}
    end
    return { "schema" => schema } if request["request"] == "schema"

    @statements.clear
    @warnings.clear
    Fault.current = Fault.new(request["fault"])
    { "error" => outcome { run(request) }, "statements" => @statements, "warnings" => @warnings }
  end

  private

  # Only what the tool itself raises becomes an outcome.
  def outcome
    yield
    ""
  rescue ScriptError, StandardError, SystemExit => e
    # Migrator wraps every error in a StandardError with this text around it.
    cause = e.cause && e.message.start_with?("An error has occurred") ? e.cause : e
    "#{cause.class}: #{cause.message}"
  end

  def run(request)
    case request["request"]
    when "up" then context.run(:up, version(request["name"]))
    when "down" then context.run(:down, version(request["name"]))
    when "migrate" then context.migrate
    when "mark" then mark(version(request["name"]), request["applied"])
    else raise NoMethodError, request["request"]
    end
  end

  def open(request)
    ActiveRecord::Base.establish_connection(configuration(request["database"]))
    # What the first `rails db:migrate` makes.
    ActiveRecord::SchemaMigration.create_table
    ActiveRecord::InternalMetadata.create_table
    @folder = "#{request['folder']}/db/migrate"
    return if request["initializer"].empty?

    path = "#{request['folder']}/initializer.rb"
    File.write(path, request["initializer"])
    load(path)
  end

  def context
    ActiveRecord::MigrationContext.new(@folder, ActiveRecord::SchemaMigration)
  end

  # What `rails db:schema:dump` writes.
  def schema
    stream = StringIO.new
    ActiveRecord::SchemaDumper.dump(ActiveRecord::Base.connection, stream)
    stream.string
  end

  def version(name)
    name[/\A\d+/].to_i
  end

  def mark(version, applied)
    if applied
      ActiveRecord::SchemaMigration.create!(version: version.to_s)
    else
      ActiveRecord::SchemaMigration.where(version: version.to_s).delete_all
    end
  end

  def configuration(database)
    return { adapter: "sqlite3", database: database["name"], timeout: 2000 } if database["dialect"] == "sqlite"

    server = {
      database: database["name"], host: database["host"], port: database["port"],
      username: database["user"], password: database["password"]
    }
    if database["dialect"] == "postgresql"
      { **server, adapter: "postgresql", encoding: "unicode", variables: { lock_timeout: "#{LOCK_TIMEOUT}s" } }
    else
      { **server, adapter: "mysql2", encoding: "utf8mb4", variables: { lock_wait_timeout: LOCK_TIMEOUT } }
    end
  end
end

# Answers requests on that socket until it closes.
def converse(path)
  $stdin.reopen(File::NULL)
  socket = UNIXSocket.new(path)
  socket.puts(JSON.generate(pid: Process.pid))
  project = Served.new
  socket.each_line do |line|
    answer = begin
      project.answer(JSON.parse(line))
    rescue Exception => e # rubocop:disable Lint/RescueException # said to the test, which raises it
      { broken: e.full_message(highlight: false) }
    end
    socket.puts(JSON.generate(answer))
  end
  exit!(0)
end

# Loads what would be loaded at first use, so that each forked process has it.
def warm_up
  ActiveRecord.eager_load!
  ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
  ActiveRecord::SchemaMigration.create_table
  ActiveRecord::SchemaMigration.create!(version: "1")
  ActiveRecord::Migration[6.1].new.exec_migration(ActiveRecord::Base.connection, :up)
  ActiveRecord::SchemaMigration.reset_column_information
  ActiveRecord::Base.remove_connection
end

ready = $stdout.dup
$stdout.reopen($stderr) # whatever a migration prints goes to the log
$stdout.sync = true
ActiveRecord::Migration.verbose = false
warm_up
GC.compact if GC.respond_to?(:compact)
ready.puts(JSON.generate(version: ActiveRecord::VERSION::STRING))
ready.flush
$stdin.each_line do |line|
  child = fork do
    ready.close
    converse(line.chomp)
  end
  Process.detach(child)
end

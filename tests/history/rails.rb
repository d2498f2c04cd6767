# ActiveRecord without the rest of Rails: rails.rb URL runs what is pending in db/migrate, rails.rb URL RUBY runs that.
gem "activerecord", "~> 6.1.0"
require "active_record"

url, ruby = ARGV
ActiveRecord::Base.establish_connection(url)
ActiveRecord::Migration.verbose = false
if ruby
  eval(ruby)
else
  ActiveRecord::MigrationContext.new("db/migrate", ActiveRecord::SchemaMigration).migrate
end

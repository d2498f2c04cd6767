// Applies what is pending in supabase/migrations to the database of a URL, by the Supabase command line's own library.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v4"
	"github.com/supabase/cli/pkg/migration"
)

func up(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	project := os.DirFS(".")
	remote, err := migration.ListRemoteMigrations(ctx, conn)
	if err != nil {
		return err
	}
	local, err := migration.ListLocalMigrations("supabase/migrations", project)
	if err != nil {
		return err
	}
	pending, err := migration.FindPendingMigrations(local, remote)
	if err != nil {
		return err
	}
	return migration.ApplyMigrations(ctx, pending, conn, project)
}

func main() {
	if err := up(context.Background(), os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

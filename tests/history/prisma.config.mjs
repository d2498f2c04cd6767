// Prisma's schema engine through the drivers that Node has, so that it needs no program of its own.
import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

// The adapter does not know PostgreSQL's type `name` (19), which the engine asks catalogs for: it is text (25).
const describe = pg.Query.prototype.handleRowDescription;
pg.Query.prototype.handleRowDescription = function (message) {
  for (const field of message.fields) if (field.dataTypeID === 19) field.dataTypeID = 25;
  return describe.call(this, message);
};

const url = new URL(process.env.DATABASE_URL);
const adapter = async () =>
  url.protocol === "mysql:"
    ? new PrismaMariaDb({
        host: url.hostname,
        port: Number(url.port),
        user: url.username,
        database: url.pathname.slice(1),
        allowPublicKeyRetrieval: true,
      })
    : new PrismaPg({ connectionString: process.env.DATABASE_URL });

export default { experimental: { adapter: true }, engine: "js", schema: "prisma/schema.prisma", adapter };

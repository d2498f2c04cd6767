// Prisma's schema engine through the drivers that Node has, so that it needs no program of its own.
import { PrismaLibSQL } from "@prisma/adapter-libsql";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

// The adapter does not know PostgreSQL's type `name` (19), which the engine asks catalogs for: it is text (25).
const describe = pg.Query.prototype.handleRowDescription;
pg.Query.prototype.handleRowDescription = function (message) {
  for (const field of message.fields) if (field.dataTypeID === 19) field.dataTypeID = 25;
  return describe.call(this, message);
};

const url = process.env.DATABASE_URL;
const adapter = async () =>
  url.startsWith("file:") ? new PrismaLibSQL({ url }) : new PrismaPg({ connectionString: url, idleTimeoutMillis: 1000 });

export default { experimental: { adapter: true }, engine: "js", schema: "prisma/schema.prisma", adapter };

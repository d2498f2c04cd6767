// Runs one command of Flyway: Flyway COMMAND NAME=VALUE..., the names as in flyway.conf without "flyway.".
import java.util.HashMap;
import java.util.Map;

public class Flyway {
    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (int at = 1; at < arguments.length; at++) {
            String[] pair = arguments[at].split("=", 2);
            settings.put("flyway." + pair[0], pair[1]);
        }
        try {
            org.flywaydb.core.Flyway flyway =
                org.flywaydb.core.Flyway.configure().configuration(settings).load();
            switch (arguments[0]) {
                case "migrate" -> flyway.migrate();
                case "repair" -> flyway.repair();
                case "validate" -> flyway.validate();
                case "baseline" -> flyway.baseline();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (org.flywaydb.core.api.FlywayException error) {
            System.out.println(error.getMessage());
            System.exit(1);
        }
    }
}

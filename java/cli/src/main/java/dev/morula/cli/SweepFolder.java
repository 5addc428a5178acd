package dev.morula.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.MorulaException;
import dev.morula.data.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files of a sweep: its settings, its summary and a run folder for each network.
 *
 * @param path the folder
 */
record SweepFolder(Path path) {

    /** The folder for that sweep, made if it is not there; one of another sweep is refused. */
    static SweepFolder open(Path path, SweepSettings settings) {
        SweepFolder folder = new SweepFolder(RunFolder.create(path).path());
        RunFolder run = new RunFolder(path);
        if (Files.exists(run.run()) || Files.exists(run.training())) {
            throw MorulaException.input("%s: holds a single run; give another --out", path);
        } else if (Files.exists(folder.settings())) {
            folder.requireSame(settings);
        } else {
            Json.write(folder.settings(), settings);
        }
        return folder;
    }

    Path settings() {
        return path.resolve("sweep-settings.json");
    }

    /** Keeps other processes from going on with the same sweep meanwhile. */
    LockFile lock() {
        try {
            return LockFile.lock(settings(), path);
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be locked (%s)", settings(), e.getMessage());
        }
    }

    Path summary() {
        return path.resolve("sweep.json");
    }

    SweepRun run(SweepPlan.Planned planned) {
        return new SweepRun(new RunFolder(path.resolve(planned.folder())), planned.settings());
    }

    private void requireSame(SweepSettings settings) {
        JsonNode there = Json.tree(Json.read(settings(), SweepSettings.class));
        String difference = difference("", there, Json.tree(settings));
        if (difference != null) {
            throw MorulaException.usage(
                    "%s: holds a sweep with %s; give the same to go on with it, or another --out", path, difference);
        }
    }

    /** The first field that differs, with both values; null if there is none. */
    private static String difference(String name, JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return null;
        } else if (!one.isObject() || !other.isObject() || one.size() != other.size()) {
            return name + " " + one + ", not " + other;
        }
        for (Map.Entry<String, JsonNode> field : one.properties()) {
            String inner = difference(field.getKey(), field.getValue(), other.path(field.getKey()));
            if (inner != null) {
                return inner;
            }
        }
        return name + " " + one + ", not " + other;
    }
}

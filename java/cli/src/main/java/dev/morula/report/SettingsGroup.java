package dev.morula.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings that belong together, such as those of the optimiser or of the machine.
 *
 * @param name the group's heading
 * @param values name and value of each setting, in the order to show them
 */
public record SettingsGroup(String name, Map<String, String> values) {
    public SettingsGroup {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}

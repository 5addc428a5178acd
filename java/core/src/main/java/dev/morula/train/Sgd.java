package dev.morula.train;

import dev.morula.MorulaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Stochastic gradient descent as PyTorch defines it; weight decay applies to all parameters, biases included.
 *
 * @param rate learning rate at the schedule's start, above 0
 * @param momentum from 0 to below 1
 * @param weightDecay 0 or more
 */
public record Sgd(double rate, double momentum, double weightDecay) {
    private static final String FORM = "sgd,lr=0.05,momentum=0.9,weight-decay=5e-4";
    private static final Set<String> KEYS = Set.of("lr", "momentum", "weight-decay");

    public Sgd {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw MorulaException.usage("optimizer: lr is %s, but must be above 0", rate);
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw MorulaException.usage("optimizer: momentum is %s, but must be from 0 to below 1", momentum);
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw MorulaException.usage("optimizer: weight-decay is %s, but must be 0 or more", weightDecay);
        }
    }

    /**
     * The optimiser that {@code spec}, such as {@code sgd,lr=0.05,momentum=0.9,weight-decay=5e-4}, describes. lr must be
     * given; momentum and weight-decay are 0 where they are not.
     */
    public static Sgd parse(String spec) {
        String[] parts = spec.split(",", -1);
        if (!parts[0].equals("sgd")) {
            throw MorulaException.usage(
                    "optimizer \"%s\": \"%s\" is not known; it must look like %s", spec, parts[0], FORM);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (int part = 1; part < parts.length; part++) {
            add(values, spec, parts[part]);
        }
        if (!values.containsKey("lr")) {
            throw MorulaException.usage("optimizer \"%s\": lr is missing; it must look like %s", spec, FORM);
        }
        return new Sgd(
                values.get("lr"), values.getOrDefault("momentum", 0.0), values.getOrDefault("weight-decay", 0.0));
    }

    private static void add(Map<String, Double> values, String spec, String part) {
        String[] keyAndValue = part.split("=", 2);
        String key = keyAndValue[0];
        if (!KEYS.contains(key)) {
            throw MorulaException.usage(
                    "optimizer \"%s\": \"%s\" is not known; sgd has lr, momentum and weight-decay", spec, key);
        }
        if (values.put(key, number(spec, part, keyAndValue)) != null) {
            throw MorulaException.usage("optimizer \"%s\": %s is given twice", spec, key);
        }
    }

    private static double number(String spec, String part, String[] keyAndValue) {
        try {
            return Double.parseDouble(keyAndValue[keyAndValue.length - 1]);
        } catch (NumberFormatException e) {
            throw MorulaException.usage(
                    "optimizer \"%s\": \"%s\" is not a number; it must look like %s", spec, part, FORM);
        }
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return "sgd,lr=" + rate + ",momentum=" + momentum + ",weight-decay=" + weightDecay;
    }
}

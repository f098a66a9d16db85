import Manifests

/// The metrics of a HorizontalPodAutoscaler in their two forms: that of v2beta1, which autoscaling/v1 keeps in its
/// annotations too, and the modern one of v2beta2 and v2.
enum HPAMetrics {
    /// A cpu utilization target in the modern form.
    static func cpu(averageUtilization: JSONValue) -> JSONValue {
        [
            "type": "Resource",
            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": averageUtilization]],
        ]
    }

    /// A current cpu utilization in the modern form.
    static func currentCPU(averageUtilization: JSONValue) -> JSONValue {
        ["type": "Resource", "resource": ["name": "cpu", "current": ["averageUtilization": averageUtilization]]]
    }

    /// The target utilization when this is a cpu metric with one; modern form.
    static func cpuUtilization(of metric: JSONValue) -> JSONValue? {
        guard metric["type"] == "Resource", metric["resource"]?["name"] == "cpu" else { return nil }
        return metric["resource"]?["target"]?["averageUtilization"]?.present
    }

    /// The current utilization when this is a cpu metric with one; modern form.
    static func currentCPUUtilization(of metric: JSONValue) -> JSONValue? {
        guard metric["type"] == "Resource", metric["resource"]?["name"] == "cpu" else { return nil }
        return metric["resource"]?["current"]?["averageUtilization"]?.present
    }

    /// A target, from v2beta1's form to the modern one.
    static func modernSpec(_ metric: JSONValue) -> JSONValue {
        change(metric) { source, type in
            var target = JSONObject()
            switch type {
            case .resource:
                target["averageUtilization"] = source.take("targetAverageUtilization")?.present
                target["averageValue"] = source.take("targetAverageValue")?.present
                target["type"] = target["averageUtilization"] == nil ? "AverageValue" : "Utilization"
            case .pods:
                target["averageValue"] = source.take("targetAverageValue")?.present
                target["type"] = "AverageValue"
            case .object:
                source.rename("target", to: "describedObject")
                target["value"] = source.take("targetValue")?.present
                target["averageValue"] = source.take("averageValue")?.present
                // v2beta1 requires a targetValue, so that "0" beside an average means none.
                if target["averageValue"] != nil, target["value"] == "0" || target["value"] == 0 {
                    target["value"] = nil
                }
                target["type"] = target["averageValue"] == nil ? "Value" : "AverageValue"
            case .external:
                target["value"] = source.take("targetValue")?.present
                target["averageValue"] = source.take("targetAverageValue")?.present
                target["type"] = target["value"] == nil ? "AverageValue" : "Value"
            }
            modernName(&source, type)
            source["target"] = .object(target)
        }
    }

    /// A target, from the modern form to v2beta1's.
    static func v2beta1Spec(_ metric: JSONValue) -> JSONValue {
        change(metric) { source, type in
            let target = source.take("target")?.object ?? [:]
            switch type {
            case .resource:
                source["targetAverageUtilization"] = target["averageUtilization"]?.present
                source["targetAverageValue"] = target["averageValue"]?.present
            case .pods:
                source["targetAverageValue"] = target["averageValue"]?.present
            case .object:
                source.rename("describedObject", to: "target")
                source["targetValue"] = target["value"]?.present ?? "0"
                source["averageValue"] = target["averageValue"]?.present
            case .external:
                source["targetValue"] = target["value"]?.present
                source["targetAverageValue"] = target["averageValue"]?.present
            }
            v2beta1Name(&source, type)
        }
    }

    /// A current value, from v2beta1's form to the modern one.
    static func modernStatus(_ metric: JSONValue) -> JSONValue {
        change(metric) { source, type in
            var current = JSONObject()
            switch type {
            case .resource:
                current["averageUtilization"] = source.take("currentAverageUtilization")?.present
                current["averageValue"] = source.take("currentAverageValue")?.present
            case .pods:
                current["averageValue"] = source.take("currentAverageValue")?.present
            case .object:
                source.rename("target", to: "describedObject")
                current["value"] = source.take("currentValue")?.present
                current["averageValue"] = source.take("averageValue")?.present
            case .external:
                current["value"] = source.take("currentValue")?.present
                current["averageValue"] = source.take("currentAverageValue")?.present
            }
            modernName(&source, type)
            source["current"] = .object(current)
        }
    }

    /// A current value, from the modern form to v2beta1's.
    static func v2beta1Status(_ metric: JSONValue) -> JSONValue {
        change(metric) { source, type in
            let current = source.take("current")?.object ?? [:]
            switch type {
            case .resource:
                source["currentAverageUtilization"] = current["averageUtilization"]?.present
                source["currentAverageValue"] = current["averageValue"]?.present
            case .pods:
                source["currentAverageValue"] = current["averageValue"]?.present
            case .object:
                source.rename("describedObject", to: "target")
                source["currentValue"] = current["value"]?.present
                source["averageValue"] = current["averageValue"]?.present
            case .external:
                source["currentValue"] = current["value"]?.present
                source["currentAverageValue"] = current["averageValue"]?.present
            }
            v2beta1Name(&source, type)
        }
    }

    private enum SourceType { case resource, pods, object, external }

    /// Each metric holds its source under one member; types added later than these five stay as they are.
    private static func change(
        _ metric: JSONValue, _ change: (inout JSONObject, SourceType) -> Void
    ) -> JSONValue {
        guard var members = metric.object else { return metric }
        let types: [(String, SourceType)] = [
            ("resource", .resource), ("containerResource", .resource), ("pods", .pods), ("object", .object),
            ("external", .external),
        ]
        for (name, type) in types {
            guard var source = members[name]?.object else { continue }
            change(&source, type)
            members[name] = .object(source)
        }
        return .object(members)
    }

    private static func selectorName(_ type: SourceType) -> String {
        if case .external = type { "metricSelector" } else { "selector" }
    }

    private static func modernName(_ source: inout JSONObject, _ type: SourceType) {
        if case .resource = type { return }
        var metric = JSONObject()
        metric["name"] = source.take("metricName")?.present
        metric["selector"] = source.take(selectorName(type))?.present
        source["metric"] = .object(metric)
    }

    private static func v2beta1Name(_ source: inout JSONObject, _ type: SourceType) {
        if case .resource = type { return }
        let metric = source.take("metric")?.object ?? [:]
        source["metricName"] = metric["name"]?.present
        source[selectorName(type)] = metric["selector"]?.present
    }
}

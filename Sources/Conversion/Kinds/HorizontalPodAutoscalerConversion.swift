public import Manifests

/// HorizontalPodAutoscaler: autoscaling/v1, v2beta1, v2beta2 and v2, all through the form of v2.
///
/// v1 knows one target, cpu utilization. Everything else it keeps as JSON in annotations, as servers do: other metrics
/// (in the form of v2beta1), behavior (with the members' names as Go spells them), conditions and current metrics.
/// v2beta1 keeps behavior so. Read back from v1, the cpu metric comes last.
public struct HorizontalPodAutoscalerConversion: KindConversion {
    public let versions = ["v1", "v2beta1", "v2beta2", "v2"].map {
        GroupVersionKind(group: "autoscaling", version: $0, kind: "HorizontalPodAutoscaler")
    }

    static let metricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics"
    static let behaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior"
    static let conditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions"
    static let currentMetricsAnnotation = "autoscaling.alpha.kubernetes.io/current-metrics"
    private static let annotations = [
        metricsAnnotation, behaviorAnnotation, conditionsAnnotation, currentMetricsAnnotation,
    ]

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object, notes: [])
        switch object.gvk.version {
        case "v1": try fromV1(&result.object)
        case "v2beta1": try fromV2beta1(&result.object)
        default: break
        }
        dropAnnotations(&result.object)
        if purpose != .reading { repairTarget(&result) }
        switch target.version {
        case "v1": toV1(&result.object)
        case "v2beta1": toV2beta1(&result.object)
        default: break
        }
        settleStatus(&result.object, version: target.version)
        result.object.gvk = target
        return result
    }

    // MARK: To the form of v2

    private func fromV1(_ object: inout KubeObject) throws(ConversionError) {
        var metrics = try annotation(Self.metricsAnnotation, of: object)?.mapElements(HPAMetrics.modernSpec)
        if let percent = object["spec.targetCPUUtilizationPercentage"]?.present {
            metrics = .array((metrics?.array ?? []) + [HPAMetrics.cpu(averageUtilization: percent)])
        }
        object["spec.targetCPUUtilizationPercentage"] = nil
        if let metrics { object["spec.metrics"] = metrics }
        if let behavior = try annotation(Self.behaviorAnnotation, of: object) {
            object["spec.behavior"] = HPABehavior.fromGoNames(behavior)
        }
        guard object["status"]?.present != nil else { return }
        if let percent = object["status.currentCPUUtilizationPercentage"]?.present {
            object["status.currentMetrics"] = [HPAMetrics.currentCPU(averageUtilization: percent)]
        }
        object["status.currentCPUUtilizationPercentage"] = nil
        if let current = try annotation(Self.currentMetricsAnnotation, of: object) {
            object["status.currentMetrics"] = current.mapElements(HPAMetrics.modernStatus)
        }
        if let conditions = try annotation(Self.conditionsAnnotation, of: object) {
            object["status.conditions"] = conditions
        }
    }

    private func fromV2beta1(_ object: inout KubeObject) throws(ConversionError) {
        if let metrics = object["spec.metrics"]?.present {
            object["spec.metrics"] = metrics.mapElements(HPAMetrics.modernSpec)
        }
        if let current = object["status.currentMetrics"]?.present {
            object["status.currentMetrics"] = current.mapElements(HPAMetrics.modernStatus)
        }
        if let behavior = try annotation(Self.behaviorAnnotation, of: object) {
            object["spec.behavior"] = HPABehavior.fromGoNames(behavior)
        }
    }

    private func annotation(_ name: String, of object: KubeObject) throws(ConversionError) -> JSONValue? {
        guard let text = object[annotation: name] else { return nil }
        do {
            return try JSONValue(parsing: text).present
        } catch {
            throw ConversionError(
                code: .malformed, message: "the annotation is not JSON (\(error)); correct it or remove it",
                object: object.reference, path: FieldPath("metadata.annotations").member(name))
        }
    }

    private func dropAnnotations(_ object: inout KubeObject) {
        guard var annotations = object["metadata.annotations"]?.object else { return }
        let before = annotations.count
        for name in Self.annotations { annotations[name] = nil }
        guard annotations.count < before else { return }
        object["metadata.annotations"] = annotations.isEmpty ? nil : .object(annotations)
    }

    // MARK: From the form of v2

    private func toV1(_ object: inout KubeObject) {
        var others: [JSONValue] = []
        var percent: JSONValue?
        for metric in object["spec.metrics"]?.array ?? [] {
            if percent == nil, let found = HPAMetrics.cpuUtilization(of: metric) {
                percent = found
            } else {
                others.append(HPAMetrics.v2beta1Spec(metric))
            }
        }
        if let percent { object["spec.targetCPUUtilizationPercentage"] = percent }
        object["spec.metrics"] = nil
        if !others.isEmpty { object[annotation: Self.metricsAnnotation] = JSONValue.array(others).canonicalText }
        moveBehaviorToAnnotation(&object)
        guard object["status"]?.present != nil else { return }
        if let current = object["status.currentMetrics"]?.array, !current.isEmpty {
            if let percent = current.compactMap(HPAMetrics.currentCPUUtilization).first {
                object["status.currentCPUUtilizationPercentage"] = percent
            }
            object[annotation: Self.currentMetricsAnnotation] =
                JSONValue.array(current.map(HPAMetrics.v2beta1Status)).canonicalText
        }
        if let conditions = object["status.conditions"]?.array, !conditions.isEmpty {
            object[annotation: Self.conditionsAnnotation] = JSONValue.array(conditions).canonicalText
        }
        object["status.currentMetrics"] = nil
        object["status.conditions"] = nil
    }

    private func toV2beta1(_ object: inout KubeObject) {
        if let metrics = object["spec.metrics"]?.present {
            object["spec.metrics"] = metrics.mapElements(HPAMetrics.v2beta1Spec)
        }
        if let current = object["status.currentMetrics"]?.present {
            object["status.currentMetrics"] = current.mapElements(HPAMetrics.v2beta1Status)
        }
        moveBehaviorToAnnotation(&object)
    }

    private func moveBehaviorToAnnotation(_ object: inout KubeObject) {
        guard let behavior = object["spec.behavior"]?.present else { return }
        object["spec.behavior"] = nil
        object[annotation: Self.behaviorAnnotation] = HPABehavior.toGoNames(behavior).canonicalText
    }

    /// Writes out, or leaves out, the empty members of `status` as each version does.
    private func settleStatus(_ object: inout KubeObject, version: String) {
        guard var status = object["status"]?.object else { return }
        switch version {
        case "v1": status["currentReplicas"] = status["currentReplicas"] ?? 0
        case "v2":
            if status["currentReplicas"] == 0 { status["currentReplicas"] = nil }
            if status["conditions"]?.isNull == true { status["conditions"] = nil }
            status["currentMetrics"] = status["currentMetrics"] ?? .null
        default:
            status["currentReplicas"] = status["currentReplicas"] ?? 0
            status["currentMetrics"] = status["currentMetrics"] ?? .null
            status["conditions"] = status["conditions"] ?? .null
        }
        status["desiredReplicas"] = status["desiredReplicas"] ?? 0
        object[FieldPath([.member("status")])] = .object(status)
    }

    /// The controller looks the target up by its group: one that is gone leaves the object without effect.
    private func repairTarget(_ result: inout ConversionResult) {
        let path: FieldPath = "spec.scaleTargetRef.apiVersion"
        guard let version = result.object[path]?.string,
            ["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"].contains(version)
        else { return }
        result.object[path] = "apps/v1"
        result.notes.append("\(path) was \(version), which no server has any more, and became apps/v1")
    }
}

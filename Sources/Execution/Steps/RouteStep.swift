import FoundationEssentials
import Manifests
import Planning
import Routing

/// Changes the weights of one route by compare-and-set, and believes only what it reads back.
struct RouteStep: StepContract {
    let action: SetRoute
    /// What must be ready on green before it gets more traffic: all that the wave waited for.
    ///
    /// That was looked at once already, but a gate may have been closed for days since.
    let behind: [ObjectReference]

    func capture(_ context: StepContext) async throws(StepFailure) -> Capture {
        let state = try await read(context)
        if state.weights == action.from { try await requireReady(context) }
        if state.weights == action.from {
            var image = try Self.json(state)
            // What blue could carry while it carried everything: as much must be there before users come back.
            let ready = await readyOnBlue(context)
            if !ready.isEmpty { image["readyOnBlue"] = .object(ready) }
            return .ready(image: image, seen: Digest(of: state.raw))
        }
        if state.weights == action.to { return .already(Observation(.after, weights: state.weights)) }
        return .foreign(foreign(state.weights, before: action.from))
    }

    func effect(_ context: StepContext, image: JSONValue, key: String) async throws(StepFailure) -> Effected {
        let state = try await read(context)
        if state.weights == action.to { return Effected() }
        guard state.weights == (try Self.state(image)).weights else {
            throw StepFailure(.conflict, "route \(action.route) stands at \(state.weights)")
        }
        try await requireReady(context)
        do throws(RoutingError) {
            try await router(context).set(action.to, expecting: state)
        } catch { throw StepFailure(error, route: action.route) }
        return Effected()
    }

    func observe(
        _ context: StepContext, image: JSONValue?, receipt: JSONObject, isUndo: Bool
    )
        async throws(StepFailure) -> Observation
    {
        let state = try await read(context)
        let before = try image.map(Self.state)?.weights ?? action.from
        var goal = isUndo ? before : action.to
        // Somebody took users further back already. A way back never raises green's share.
        if isUndo, state.weights.green < goal.green { goal = state.weights }
        let other = isUndo ? action.to : before
        if state.weights == goal {
            var observation = Observation(isUndo ? .before : .after, weights: state.weights)
            do throws(RoutingError) {
                if case .pending(let what) = try await router(context).verify(goal) { observation.pending = what }
            } catch { throw StepFailure(error, route: action.route) }
            return observation
        }
        // The way back leads from wherever this run left the weights, not only from this step's, in one jump.
        if isUndo, state.weights == other || isOwn(state.weights, context) {
            return Observation(.after, pending: await missingOnBlue(context, image), weights: state.weights)
        }
        if state.weights == other { return Observation(.before, weights: state.weights) }
        return foreign(state.weights, before: before)
    }

    func undo(
        _ context: StepContext, image: JSONValue, receipt: JSONObject, overwriteForeign: Bool
    )
        async throws(StepFailure)
    {
        let saved = try Self.state(image)
        let now = try await read(context)
        if now.weights.green <= saved.weights.green { return }
        guard now.weights == action.to || isOwn(now.weights, context) || overwriteForeign else {
            throw StepFailure(.conflict, "route \(action.route) stands at \(now.weights)")
        }
        do throws(RoutingError) {
            try await router(context).restore(saved, expecting: now)
        } catch { throw StepFailure(error, route: action.route) }
    }

    /// Traffic never goes to a side that is not ready.
    ///
    /// A failure says that nothing was sent, because nothing was: it is tried again for a while.
    private func requireReady(_ context: StepContext) async throws(StepFailure) {
        guard action.to.green > action.from.green, !behind.isEmpty else { return }
        let answer: Observation
        do throws(StepFailure) {
            let look = WaitReadyStep(action: WaitReady(side: .green, objects: behind, timeout: 0))
            answer = try await look.observe(context, image: nil, receipt: [:], isUndo: false)
        } catch {
            if error.kind == .permanent { throw error }
            throw StepFailure(
                .notSent, "route \(action.route) stays as it is, green cannot be asked: \(error.message)",
                retryAfter: error.retryAfter)
        }
        if let missing = answer.pending {
            throw StepFailure(
                .notSent, "route \(action.route) stays as it is, green is not ready: \(missing)",
                // A node that goes away, a rollout: worth a minute.
                retryAfter: .seconds(10))
        }
    }

    /// How many replicas of each workload behind the route are ready on blue, those without any left out.
    ///
    /// What cannot be read is left out too: raising green's share needs nothing of blue's API.
    private func readyOnBlue(_ context: StepContext) async -> JSONObject {
        var ready = JSONObject()
        for object in behind {
            guard let count = await readyReplicas(object, context), count > 0 else { continue }
            ready[object.description] = .integer(count)
        }
        return ready
    }

    /// What blue lacks of what it had while it carried everything; nil when nothing, or when it cannot be asked.
    private func missingOnBlue(_ context: StepContext, _ image: JSONValue?) async -> String? {
        var missing: [String] = []
        for member in image?["readyOnBlue"]?.object ?? [:] {
            guard let object = ObjectReference(member.key), let wanted = member.value.integer,
                let now = await readyReplicas(object, context), now < wanted
            else { continue }
            missing.append("\(object): \(now) of \(wanted) ready on blue")
        }
        guard !missing.isEmpty else { return nil }
        return missing.prefix(3).joined(separator: "; ")
            + (missing.count > 3 ? " and \(missing.count - 3) more" : "")
    }

    private func readyReplicas(_ object: ObjectReference, _ context: StepContext) async -> Int64? {
        guard ["Deployment", "StatefulSet", "DaemonSet"].contains(object.kind.kind),
            let blue = context.clusters[.blue],
            let found = try? await blue.read(object, apiVersion: context.objects[object]?.readAs)
        else { return nil }
        return found["status.readyReplicas"]?.integer ?? found["status.numberReady"]?.integer ?? 0
    }

    private func isOwn(_ weights: Weights, _ context: StepContext) -> Bool {
        context.ownWeights[action.route]?.contains(weights) ?? false
    }

    private func foreign(_ now: Weights, before: Weights) -> Observation {
        Observation(
            .foreign,
            difference: [
                ThreeWay.entry(
                    place: "route \(action.route), green %", before: .integer(Int64(before.green)),
                    ours: .integer(Int64(action.to.green)), now: .integer(Int64(now.green)))
            ], weights: now)
    }

    private func router(_ context: StepContext) throws(RoutingError) -> any Router {
        guard let router = context.routers[action.route] else {
            throw RoutingError(.invalidConfiguration, "no router is connected for route \(action.route)")
        }
        return router
    }

    private func read(_ context: StepContext) async throws(StepFailure) -> RoutingState {
        do throws(RoutingError) { return try await router(context).read() } catch {
            throw StepFailure(error, route: action.route)
        }
    }

    private static func json(_ state: RoutingState) throws(StepFailure) -> JSONValue {
        do { return try PlanCoding.json(state) } catch {
            throw StepFailure(.permanent, "the router's state cannot be kept: \(error)")
        }
    }

    private static func state(_ json: JSONValue) throws(StepFailure) -> RoutingState {
        do { return try JSONDecoder().decode(RoutingState.self, from: Data(json.canonicalBytes)) } catch {
            throw StepFailure(.permanent, "the before-image of the route cannot be read: \(error)")
        }
    }
}

extension StepFailure {
    init(_ error: RoutingError, route: String) {
        let kind: Kind =
            switch error.code {
            case .unreachable: .notSent
            // Looking again finds the weights in force; writing again makes them stay.
            case .ambiguous, .notKept: .ambiguous
            case .conflict: .conflict
            case .refused, .invalidConfiguration: .permanent
            }
        self.init(kind, "route \(route): \(error.message)")
    }
}

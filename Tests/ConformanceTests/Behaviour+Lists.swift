import KubeAPI
import Manifests
import Testing

extension Behaviour {
    /// Makes so many, all at once.
    @discardableResult
    private static func fill(_ bench: Bench, _ count: Int) async throws -> [String] {
        let names = (0..<count).map { "c-\(1000 + $0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() {
                group.addTask {
                    let labels: JSONObject = ["half": index % 2 == 0 ? "even" : "odd"]
                    _ = try await bench.client.create(bench.configMap(name, labels: labels), as: .configMaps)
                }
            }
            try await group.waitForAll()
        }
        return names
    }

    static let lists: [Behaviour] = [
        Behaviour("a list comes in pages of one state") { bench in
            let names = try await fill(bench, 25)
            var walk = bench.client.walk(
                .configMaps, namespace: bench.namespace,
                options: ListOptions(limit: 10, labelSelector: "half"))
            var pages: [ObjectList] = []
            while let step = try await walk.next() {
                guard case .page(let page) = step else { continue }
                pages.append(page)
                // A change in between is not seen.
                if pages.count == 1 {
                    _ = try await bench.client.create(
                        bench.configMap("c-0000", labels: ["half": "even"]), as: .configMaps)
                    _ = try await bench.client.create(
                        bench.configMap("z-9999", labels: ["half": "even"]), as: .configMaps)
                }
            }
            #expect(pages.map(\.items.count) == [10, 10, 5])
            #expect(pages.flatMap(\.items).map(\.name) == names)
            #expect(pages.flatMap(\.items).allSatisfy { $0.gvk == APIResource.configMaps.gvk })
            #expect(Set(pages.map(\.resourceVersion)).count == 1)
        },
        Behaviour("selectors narrow a list") { bench in
            try await fill(bench, 6)
            func names(_ options: ListOptions) async throws -> [String] {
                try await bench.client.listAll(.configMaps, namespace: bench.namespace, options: options).items.map(
                    \.name)
            }
            #expect(try await names(ListOptions(labelSelector: "half=odd")) == ["c-1001", "c-1003", "c-1005"])
            #expect(
                try await names(ListOptions(labelSelector: "half notin (odd),half")) == ["c-1000", "c-1002", "c-1004"])
            #expect(try await names(ListOptions(fieldSelector: "metadata.name=c-1003")) == ["c-1003"])
            let wrong = try await failure { () throws(KubeError) in
                try await bench.client.list(
                    .configMaps, namespace: bench.namespace, options: ListOptions(labelSelector: "half in ("))
            }
            #expect(wrong.code == .invalid, "\(wrong)")
        },
        Behaviour("two hundred at once are all done, once") { bench in
            let names = try await fill(bench, 200)
            let list = try await bench.client.listAll(
                .configMaps, namespace: bench.namespace, options: ListOptions(labelSelector: "half"))
            #expect(list.items.map(\.name) == names)
        },
    ]

    static let forgetting: [Behaviour] = [
        Behaviour("a list whose state is forgotten between two pages begins again with the newest") { bench in
            let names = try await fill(bench, 9)
            var walk = bench.client.walk(
                .configMaps, namespace: bench.namespace, options: ListOptions(limit: 3, labelSelector: "half"))
            guard case .page(let first) = try await walk.next() else { throw Unexpected() }
            #expect(first.items.map(\.name) == Array(names.prefix(3)))
            let late = try await bench.client.create(
                bench.configMap("late", labels: ["half": "even"]), as: .configMaps)
            try await bench.forget(before: late.resourceVersion)
            guard case .restart = try await walk.next() else {
                Issue.record("the list goes on")
                return
            }
            var again: [String] = []
            while let step = try await walk.next() {
                guard case .page(let page) = step else { throw Unexpected() }
                again += page.items.map(\.name)
            }
            #expect(again == names + ["late"])
        }
    ]

    static let watches: [Behaviour] = [
        Behaviour("a watch tells every change after the list, in order") { bench in
            _ = try await bench.client.create(bench.configMap("before"), as: .configMaps)
            let list = try await bench.client.listAll(.configMaps, namespace: bench.namespace)
            let events = try await bench.client.watch(
                .configMaps, namespace: bench.namespace, options: WatchOptions(resourceVersion: list.resourceVersion))
            let made = try await bench.client.create(bench.configMap("a"), as: .configMaps)
            _ = try await bench.client.patch(
                .merge(["data": ["a": "2"]]), namespace: bench.namespace, name: "a", as: .configMaps)
            _ = try await bench.client.delete(.configMaps, namespace: bench.namespace, name: "a")
            var seen: [String] = []
            for try await event in events {
                switch event {
                case .added(let object) where object.name == "a":
                    #expect(object == made)
                    seen.append("added")
                case .modified(let object) where object.name == "a":
                    #expect(object["data.a"] == "2")
                    seen.append("modified")
                case .deleted(let object) where object.name == "a": seen.append("deleted")
                case .error(let error): throw error
                // Controllers put a ConfigMap of their own into each namespace.
                default: break
                }
                if seen.last == "deleted" { break }
            }
            #expect(seen == ["added", "modified", "deleted"])
        },
        Behaviour("a watch from before all that the server remembers is told so") { bench in
            // Servers remember the changes of a kind since they have served it; this one is new.
            let widgets = try await bench.newKind()
            _ = try await bench.client.create(bench.object(widgets, "one"), as: widgets)
            let error: KubeError?
            do throws(KubeError) {
                let events = try await bench.client.watch(
                    widgets, namespace: bench.namespace,
                    options: WatchOptions(resourceVersion: "1", timeoutSeconds: 20))
                var first: WatchEvent?
                do {
                    for try await event in events {
                        first = event
                        break
                    }
                } catch {}
                if case .error(let found) = first { error = found } else { error = nil }
            } catch let thrown { error = thrown }
            #expect(error?.code == .gone, "\(String(describing: error))")
            try await bench.remove(widgets)
        },
        Behaviour("following lists first and then tells changes") { bench in
            _ = try await bench.client.create(bench.configMap("a"), as: .configMaps)
            var follower = bench.client.follow(.configMaps, namespace: bench.namespace)
            guard case .all(let objects) = try await follower.next() else { throw Unexpected() }
            #expect(objects.map(\.name).contains("a"))
            _ = try await bench.client.create(bench.configMap("b"), as: .configMaps)
            while true {
                if case .added(let object) = try await follower.next(), object.name == "b" { break }
            }
        },
        Behaviour("a watch that the server ends is over without an error, and one that we drop at once") { bench in
            let list = try await bench.client.listAll(.configMaps, namespace: bench.namespace)
            let short = try await bench.client.watch(
                .configMaps, namespace: bench.namespace,
                options: WatchOptions(resourceVersion: list.resourceVersion, timeoutSeconds: 1))
            for try await event in short { if case .error(let error) = event { throw error } }
            let events = try await bench.client.watch(
                .configMaps, namespace: bench.namespace, options: WatchOptions(resourceVersion: list.resourceVersion))
            let task = Task { for try await event in events { if case .error(let error) = event { throw error } } }
            try await Task.sleep(for: .milliseconds(100))
            let before = ContinuousClock.now
            task.cancel()
            _ = await task.result
            #expect(ContinuousClock.now - before < .seconds(10))
        },
    ]

    private struct Unexpected: Error {}
}

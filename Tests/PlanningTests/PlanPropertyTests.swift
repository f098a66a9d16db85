import Findings
import Manifests
import Routing
import Testing

@testable import Planning

/// What holds for every plan, whatever the inventory and the migration file.
@Suite("Properties of plans")
struct PlanPropertyTests {
    static let seeds = Array(UInt64(1)...32)

    /// Planned once and looked at by every test.
    private static let all: [UInt64: Result<(input: PlanningInput, planned: PlannedMigration), any Error>] =
        Dictionary(
            uniqueKeysWithValues: seeds.map { seed in
                (
                    seed,
                    Result {
                        var generator = InventoryGenerator(seed: seed)
                        let input = SmallShop.input(generator.objects, migration: generator.migration())
                        return (input, try Planner.plan(input))
                    }
                )
            })

    static func planned(seed: UInt64) throws -> (input: PlanningInput, planned: PlannedMigration) {
        try #require(all[seed]).get()
    }

    @Test("nothing is lost: every object has a line, and the counts add up", arguments: seeds)
    func addsUp(seed: UInt64) throws {
        let (input, planned) = try Self.planned(seed: seed)
        let accounting = planned.plan.accounting
        #expect(accounting.addsUp)
        #expect(accounting.read == input.blue.objects.count)
        #expect(planned.objects.map(\.object).sorted() == input.blue.objects.map(\.object.reference).sorted())
        for line in planned.objects {
            #expect((line.disposition == .skip) == (line.wave == nil))
            #expect((line.disposition == .skip || line.disposition == .hold) ? !line.reason.isEmpty : true)
            #expect(line.disposition == .copy ? line.readAs == line.writeAs : true)
        }
    }

    @Test("every copied object is applied by exactly one step, in its wave", arguments: seeds)
    func appliedOnce(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        var applied: [ObjectReference: String] = [:]
        for (wave, step) in planned.plan.steps {
            guard case .apply(let action) = step.action else { continue }
            for object in action.objects { #expect(applied.updateValue(wave.name, forKey: object) == nil, "\(object)") }
        }
        for line in planned.objects {
            switch line.disposition {
            case .copy, .convert: #expect(applied[line.object] == line.wave)
            case .hold: #expect(applied[line.object] == nil || applied[line.object] == line.wave)
            case .skip: #expect(applied[line.object] == nil)
            }
        }
    }

    @Test("what slept on blue is never woken, and the rest is woken from where it was put to sleep", arguments: seeds)
    func sleepers(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        let lines = Dictionary(uniqueKeysWithValues: planned.objects.map { ($0.object, $0) })
        var changed: [Side: Set<ObjectReference>] = [:]
        for (_, step) in planned.plan.steps {
            guard case .setFields(let action) = step.action else { continue }
            for change in action.changes {
                let line = try #require(lines[change.object])
                #expect(line.reason != ReasonCode.asleepOnPurpose)
                changed[action.side, default: []].insert(change.object)
                guard action.side == .green else { continue }
                let desired = try #require(line.desired)
                for field in change.fields { #expect(desired[field.path] == field.from) }
            }
        }
        for line in planned.objects where !line.standby.isEmpty {
            #expect(changed[.green]?.contains(line.object) ?? false)
            #expect(line.standby.allSatisfy { line.desired?[$0.path] == $0.to })
        }
    }

    @Test("blue is touched only to put work to sleep, with a memory, or to hold its floor", arguments: seeds)
    func blueIsReadOnly(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        for (_, step) in planned.plan.steps {
            guard case .setFields(let action) = step.action, action.side == .blue else { continue }
            for field in action.changes.flatMap(\.fields) {
                let path = field.path.description
                #expect(
                    ["spec.replicas", "spec.suspend", "spec.minReplicas"].contains(path)
                        || path.hasPrefix("metadata.annotations['kirikae.dev/original-"))
            }
            for change in action.changes { #expect(change.fields.count == 2, "the switch, and what it was") }
        }
    }

    @Test("exclusive work leaves blue before it wakes on green, and blue is waited for", arguments: seeds)
    func oneSideOnly(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        for wave in planned.plan.waves {
            var quiet: Set<ObjectReference> = []
            var gone: Set<ObjectReference> = []
            for step in wave.steps {
                switch step.action {
                case .setFields(let action) where action.side == .blue && step.undoPhase == .wakeBlue:
                    quiet.formUnion(action.changes.map(\.object))
                case .waitReady(let action) where action.side == .blue: gone.formUnion(action.objects)
                case .setFields(let action) where step.undoPhase == .quiesceGreen:
                    #expect(Set(action.changes.map(\.object)).isSubset(of: quiet.intersection(gone)))
                default: break
                }
            }
        }
    }

    @Test("a cut stands before the first write, before each change of traffic and behind each gate", arguments: seeds)
    func checkpoints(seed: UInt64) throws {
        let plan = try Self.planned(seed: seed).planned.plan
        #expect(plan.steps.first?.step.checkpointName == "start")
        for wave in plan.waves {
            #expect(wave.steps.last?.checkpointName == "done-\(wave.name)")
            var effectsSinceCut: [Step] = []
            var gateOpen = false
            for step in wave.steps {
                if step.checkpointName != nil {
                    effectsSinceCut = []
                    gateOpen = false
                }
                if case .gate = step.action { gateOpen = true }
                if case .route = step.action {
                    // What is held behind the gate and blue's floor may stand between; traffic and exclusive work not.
                    #expect(effectsSinceCut.allSatisfy { $0.undoPhase == .reverse || $0.id.contains("wake-gated") })
                }
                if step.action.hasEffect {
                    #expect(!gateOpen, "an effect behind a gate without a cut: \(step.id)")
                    effectsSinceCut.append(step)
                }
            }
        }
    }

    @Test("steps depend on earlier ones only, and ids are unique", arguments: seeds)
    func order(seed: UInt64) throws {
        let plan = try Self.planned(seed: seed).planned.plan
        var seen: Set<String> = []
        for (wave, step) in plan.steps {
            #expect(Set(step.dependsOn).isSubset(of: seen))
            #expect(seen.insert(step.id).inserted)
            #expect(step.id.hasPrefix("\(wave.name)."))
        }
        for (index, wave) in plan.waves.enumerated() {
            #expect(Set(wave.dependsOn).isSubset(of: plan.waves[..<index].map(\.name)))
        }
    }

    @Test("traffic climbs from all blue to all green by the steps of the file", arguments: seeds)
    func ladders(seed: UInt64) throws {
        let (input, planned) = try Self.planned(seed: seed)
        for route in input.migration.routes {
            var shares: [Int] = []
            var current = Weights.allBlue
            for (wave, step) in planned.plan.steps {
                guard case .route(let action) = step.action, action.route == route.name else { continue }
                #expect(wave.name == route.wave && action.from == current && step.undoPhase == .traffic)
                current = action.to
                shares.append(current.green)
            }
            #expect(shares == route.shares)
        }
    }

    @Test("the same input gives the same bytes, in whatever order objects were read", arguments: seeds)
    func deterministic(seed: UInt64) throws {
        var generator = InventoryGenerator(seed: seed)
        let migration = generator.migration()
        var shuffler = SplitMix64(seed: seed ^ 77)
        let first = try Planner.plan(SmallShop.input(generator.objects, migration: migration))
        let second = try Planner.plan(
            SmallShop.input(generator.objects.shuffled(using: &shuffler), migration: migration))
        #expect(try PlanFile.planText(first.plan) == PlanFile.planText(second.plan))
        #expect(PlanFile.objectLines(first.objects) == PlanFile.objectLines(second.objects))
        #expect(first.wayBack == second.wayBack)
    }

    @Test("no byte of a Secret stands in anything that is written", arguments: seeds)
    func noSecrets(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        let texts = [
            try PlanFile.planText(planned.plan),
            String(decoding: PlanFile.objectLines(planned.objects), as: UTF8.self), planned.wayBack,
        ]
        for text in texts { #expect(!text.contains(InventoryGenerator.canary)) }
        for line in planned.objects where line.object.kind.kind == "Secret" { #expect(line.desired == nil) }
    }

    @Test("undoing everything from any checkpoint undoes each effect behind it exactly once", arguments: seeds)
    func wayBackIsComplete(seed: UInt64) throws {
        let plan = try Self.planned(seed: seed).planned.plan
        let steps = plan.steps.map(\.step)
        for entry in plan.wayBack {
            let cut = try #require(steps.firstIndex { $0.checkpointName == entry.checkpoint })
            // A route goes back in one jump: the first of its changes stands for the others.
            var jumped: Set<String> = []
            let effects = steps[cut...].filter { step in
                if case .route(let action) = step.action { return jumped.insert(action.route).inserted }
                return step.action.hasEffect
            }
            #expect(entry.undoes.sorted() == effects.map(\.id).sorted())
        }
        #expect(plan.wayBack.map(\.checkpoint) == steps.compactMap(\.checkpointName))
    }

    @Test("what is written can be read again, and is the same", arguments: seeds.prefix(10))
    func roundTrip(seed: UInt64) throws {
        let planned = try Self.planned(seed: seed).planned
        let folder = try TemporaryFolder()
        let digest = try PlanFile.write(planned, to: folder.path)
        let contents = try PlanFile.read(folder.path)
        #expect(contents.plan == planned.plan)
        #expect(contents.objects == planned.objects)
        #expect(contents.digest == digest)
    }
}

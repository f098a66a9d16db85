import Manifests

extension SimWorld {
    /// Runs a Job: it starts at once, and ends after its delay.
    mutating func reconcileJob(_ key: StorageKey, _ object: KubeObject) {
        var job = object
        if let finished = object.finishTime {
            if let keep = object["spec.ttlSecondsAfterFinished"]?.integer {
                let end = finished + Int(keep)
                if end <= now { remove(key, DeletionOptions(propagation: "Background")) } else { due[key] = end }
            }
            return
        }
        if object["spec.suspend"]?.bool == true {
            job["status.active"] = nil
            job["status.startTime"] = nil
            job.setCondition("Suspended", "True", "JobSuspended", "Job suspended", at: timestamp)
            commit(job, at: key)
            due[key] = nil
            return
        }
        if object["status.startTime"] == nil {
            job["status.startTime"] = .string(timestamp)
            job["status.active"] = object["spec.parallelism"] ?? 1
            if object["status.conditions"] != nil {
                job.setCondition("Suspended", "False", "JobResumed", "Job resumed", at: timestamp)
            }
            commit(job, at: key)
            // A Job of a CronJob was entered when the CronJob fired.
            if !(object["metadata.ownerReferences"]?.array ?? []).contains(where: { $0["kind"] == "CronJob" }) {
                ledger.record(
                    JobRun(workload: object.reference, uid: object.uid ?? "", scheduledAt: now, startedAt: now))
            }
            due[key] = readyDelay(object).map { now + max(1, $0) }
            return
        }
        guard readyDelay(object) != nil else { return }
        job["status.active"] = nil
        job["status.ready"] = 0
        job["status.succeeded"] = object["spec.completions"] ?? object["spec.parallelism"] ?? 1
        job["status.completionTime"] = .string(timestamp)
        job.setCondition(
            "Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods", at: timestamp)
        commit(job, at: key)
        due[key] = object["spec.ttlSecondsAfterFinished"]?.integer.map { now + Int($0) }
    }

    /// Fires a CronJob when its time has come, the latest missed time included, and looks again at the next one.
    mutating func reconcileCronJob(_ key: StorageKey, _ object: KubeObject) {
        guard object["spec.suspend"]?.bool != true,
            let schedule = object["spec.schedule"]?.string.flatMap({ CronSchedule($0) })
        else {
            due[key] = nil
            return
        }
        let created = object["metadata.creationTimestamp"]?.string.flatMap(VirtualTime.seconds) ?? now
        let last = object["status.lastScheduleTime"]?.string.flatMap(VirtualTime.seconds) ?? created
        // What lies before the world's beginning was seen to by the cluster it stands for.
        var from = max(last, began)
        if let deadline = object["spec.startingDeadlineSeconds"]?.integer { from = max(from, now - Int(deadline)) }
        var latest: Int?
        var next = schedule.next(after: from)
        var steps = 0
        while let time = next, time <= now, steps < 100_000 {
            latest = time
            next = schedule.next(after: time)
            steps += 1
        }
        if let latest {
            var cronJob = object
            cronJob["status.lastScheduleTime"] = .string(VirtualTime.text(latest))
            commit(cronJob, at: key)
            ledger.record(
                JobRun(workload: object.reference, uid: object.uid ?? "", scheduledAt: latest, startedAt: now))
        }
        due[key] = next ?? schedule.next(after: now)
    }
}

extension KubeObject {
    /// When a Job ended; nil while it has not.
    fileprivate var finishTime: Int? {
        let ended = (self["status.conditions"]?.array ?? []).first {
            ["Complete", "Failed"].contains($0["type"]?.string) && $0["status"]?.string == "True"
        }
        guard let ended else { return nil }
        return (self["status.completionTime"] ?? ended["lastTransitionTime"])?.string.flatMap(VirtualTime.seconds) ?? 0
    }
}

# The two commands of a newcomer are `make demo` and `make test`; both set up, and share one debug build.
# SWIFT names another toolchain: make SWIFT=/opt/swift/usr/bin/swift test

SWIFT ?= swift
export SWIFT

.DEFAULT_GOAL := help
.PHONY: help demo test conformance build fuzz torture lint format clean

help:  ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo:  ## set up, build, and rehearse the shop's migration on two embedded clusters
	@scripts/setup
	$(SWIFT) build
	@scripts/demo

test:  ## set up, build, and run all tests (TEST_OPTIONS='--filter ManifestsTests' for some of them)
	@scripts/setup --tests
	$(SWIFT) test --disable-xctest $(TEST_OPTIONS)

conformance:  ## run the client against real API servers, which are built once (Tests/Conformance/README.md)
	@scripts/setup --tests
	$(SWIFT) build --build-tests
	@scripts/conformance

# The Swift runtime is linked in, so that the binaries run where there is no Swift. They still need Debian's libcurl4,
# libyaml-0-2 and zlib1g.
build:  ## set up and build the release binaries, which run without Swift installed
	@scripts/setup
	$(SWIFT) build -c release --static-swift-stdlib
	@echo "built: .build/release/kirikae, and .build/release/kirikae-sim beside it"

fuzz:  ## run each fuzz target for 60 seconds (FUZZ_SECONDS=600 for longer), where the toolchain has libFuzzer
	@scripts/setup
	@scripts/fuzz $(or $(FUZZ_SECONDS),60)

# Optimised, because a hundred thousand schedules take hours otherwise; the build of the tests goes to a folder of its own.
torture:  ## run 100,000 seeded schedules of faults (SCHEDULES=… for another number, SEED=… for where to begin)
	@scripts/setup --tests
	$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing --scratch-path .build/torture
	KIRIKAE_SCHEDULES=$(or $(SCHEDULES),100000) KIRIKAE_SCHEDULE_SEED=$(or $(SEED),1) $(SWIFT) test -c release --skip-build \
	    --disable-xctest -Xswiftc -enable-testing --scratch-path .build/torture --filter ScheduleTests/schedules

lint:  ## check format and walls, as CI does
	@scripts/lint
	@scripts/check-walls

format:  ## mend the format where that needs no thought
	@scripts/lint --fix

clean:  ## remove everything that was built
	rm -rf .build

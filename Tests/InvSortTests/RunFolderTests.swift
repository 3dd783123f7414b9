import Foundation
import InvSystem
import Testing

@testable import InvSort

@Suite struct RunFolderTests {
  private func names(_ folder: TestFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("runs")).sorted()
  }

  private func make(_ names: [String], _ folder: TestFolder) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("runs"), withIntermediateDirectories: true)
    for name in names {
      try Data().write(to: URL(fileURLWithPath: folder.file("runs/" + name)))
    }
  }

  @Test func aSetAppearsWhole() throws {
    let folder = try TestFolder()
    do {
      let runs = try RunFolder(folder.file("runs"), .refuse)
      _ = try runs.create(runs.nextNumber())
      _ = try runs.create(runs.nextNumber())
      #expect(try names(folder).allSatisfy { $0.hasPrefix(".inv-\(runs.set)") })
      #expect(try names(folder).count == 3)
      try runs.publish()
    }
    #expect(try names(folder).count == 2)
    #expect(try names(folder).allSatisfy { $0.hasSuffix(".rows") && !$0.hasPrefix(".") })
  }

  @Test func nothingStaysOfASetThatIsNotPublished() throws {
    let folder = try TestFolder()
    do {
      let runs = try RunFolder(folder.file("runs"), .refuse)
      _ = try runs.create(0)
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
    try make([], folder)
    do { _ = try RunFolder(folder.file("runs"), .refuse).create(0) }
    #expect(try names(folder).isEmpty)
  }

  /// With their lock or without it; a set that lives and what is not ours stay.
  @Test func leftoversAreRemoved() throws {
    let folder = try TestFolder()
    try make(
      [
        ".inv-dead.lock", ".inv-dead-00000.rows", ".inv-dead-00001.rows", ".inv-lost-00007.rows",
        ".inv-.lock", ".other",
      ], folder)
    let living = try RunFolder(folder.file("runs"), .add)
    _ = try living.create(0)
    let runs = try RunFolder(folder.file("runs"), .add)
    #expect(
      try names(folder)
        == [
          ".inv-\(living.set).lock", ".inv-\(runs.set).lock", ".inv-\(living.set)-00000.rows",
          ".other",
        ].sorted())
    withExtendedLifetime(living) {}
  }

  @Test func refusesAFolderInUse() throws {
    let folder = try TestFolder()
    do {
      let living = try RunFolder(folder.file("runs"), .add)
      for occupied in [RunFolder.Occupied.refuse, .replace] {
        #expect(
          sentence { _ = try RunFolder(folder.file("runs"), occupied) }.hasPrefix(
            "another inv-agg is writing into"))
      }
      #expect(
        sentence { _ = try RunFolder.runs(in: folder.file("runs")) }.hasPrefix(
          "an inv-agg is still writing into"))
      withExtendedLifetime(living) {}
    }
    try make([".inv-dead-00000.rows"], folder)
    #expect(
      sentence { _ = try RunFolder.runs(in: folder.file("runs")) }.contains("whose inv-agg died"))
    try make(["a.rows"], folder)
    #expect(
      sentence { _ = try RunFolder(folder.file("runs"), .refuse) }.contains("is not empty"))
    #expect(try names(folder) == ["a.rows"])
    #expect(try RunFolder.runs(in: folder.file("runs/")) == [folder.file("runs/a.rows")])
    do {
      let runs = try RunFolder(folder.file("runs"), .replace)
      _ = try runs.create(0)
      #expect(try names(folder).contains("a.rows"))
      try runs.publish()
      #expect(try !names(folder).contains("a.rows"))
    }
  }

  /// Jobs of an array begin at once: no one may take another's lock for a leftover.
  @Test func manyBeginAtOnce() throws {
    let folder = try TestFolder()
    try make([], folder)
    let path = folder.file("runs")
    var threads: [InvSystem.Thread] = []
    for _ in 0..<4 {
      threads.append(
        try InvSystem.Thread {
          for _ in 0..<50 {
            guard let runs = try? RunFolder(path, .add) else { continue }
            _ = try? runs.create(0)
            try? runs.publish()
          }
        })
    }
    for thread in threads { thread.join() }
    #expect(try names(folder).count == 200)
    #expect(try names(folder).allSatisfy { !$0.hasPrefix(".") })
  }
}

import InvBytes
import InvFormat
import InvText

// The columns whose values are numbers.
extension TableAssembler {
  mutating func takeStates(_ vectors: [ColumnVector], _ count: Int) {
    guard layout.hasStates else { return }
    let marker = roles.vector(layout.isMarker)
    let latest = roles.vector(layout.isLatest)
    // What an inventory of S3 does not say of a version is bad; others leave it empty where it is plain.
    let absent: Bool? = layout.isUsual ? nil : true
    for row in 0..<count {
      var state = ObjectState.current
      if let marker {
        let kind = roles.kind(marker)
        if let truth = vectors[marker].truth(row, kind, or: layout.isUsual ? nil : false) {
          if truth { state = .marker }
        } else {
          judge(row, .badState)
        }
      }
      if let latest {
        if let truth = vectors[latest].truth(row, roles.kind(latest), or: absent) {
          if !truth && state == .current { state = .noncurrent }
        } else {
          judge(row, .badState)
        }
      }
      states[row] = state
    }
    if !layout.isUsual { takeUnusualStates(vectors, count) }
    if let start = room(for: .state) {
      for row in 0..<count { set(start + row, UInt64(states[row].rawValue)) }
    }
    if let start = room(for: .kind) {
      for row in 0..<count {
        set(start + row, states[row] == .directory ? UInt64(ObjectKind.directory.rawValue) : 0)
      }
    }
  }

  private mutating func takeUnusualStates(_ vectors: [ColumnVector], _ count: Int) {
    let folder = roles.vector(layout.isFolder)
    let deleted = roles.vector(layout.isDeleted)
    let pasts = layout.pasts.compactMap { roles.vector($0) }
    for row in 0..<count {
      if let deleted {
        if let truth = vectors[deleted].truth(row, roles.kind(deleted), or: false) {
          if truth && states[row] == .current { states[row] = .noncurrent }
        } else {
          judge(row, .badState)
        }
      }
      for past in pasts where vectors[past].isFilled(row, roles.kind(past)) {
        if states[row] == .current { states[row] = .noncurrent }
      }
      if let folder {
        if let truth = vectors[folder].truth(row, roles.kind(folder), or: false) {
          if truth { states[row] = .directory }
        } else {
          judge(row, .badKind)
        }
      }
    }
  }

  mutating func takeSizes(_ vectors: [ColumnVector], _ count: Int) {
    for (field, role) in [
      (layout.size, ObjectSchema.Role.size), (layout.allocated, .allocated),
    ] {
      guard let place = roles.vector(field), let start = room(for: role) else { continue }
      let (vector, kind) = (vectors[place], roles.kind(place))
      if kind != .bytes && vector.present.isEmpty {
        for row in 0..<count {
          let value = vector.integers[row]
          if value < 0 { judge(row, .badSize) }
          set(start + row, UInt64(bitPattern: value))
        }
        continue
      }
      for row in 0..<count {
        if !vector.isFilled(row, kind) {
          if states[row] != .marker && states[row] != .directory { judge(row, .noSize) }
          set(start + row, 0)
        } else if kind == .bytes {
          let text = vector.place(row)
          let value = vector.bytes.raw.decimal(text.start, text.count)
          if value == nil { judge(row, .badSize) }
          set(start + row, value ?? 0)
        } else {
          if vector.integers[row] < 0 { judge(row, .badSize) }
          set(start + row, UInt64(bitPattern: vector.integers[row]))
        }
      }
    }
  }

  mutating func takeTimes(_ vectors: [ColumnVector], _ count: Int) {
    for (field, role) in [
      (layout.modified, ObjectSchema.Role.modified), (layout.accessed, .accessed),
    ] {
      guard let place = roles.vector(field), let start = room(for: role) else { continue }
      let (vector, kind) = (vectors[place], roles.kind(place))
      if kind == .time {
        takeTimes(vector.integers, vector.present, count, at: start)
        continue
      }
      for row in 0..<count {
        let time = vector.seconds(row, kind, layout)
        if time == nil { judge(row, .badTime) }
        set(start + row, UInt64(bitPattern: time ?? 0))
      }
    }
  }

  private mutating func takeTimes(
    _ seconds: [Int64], _ present: [UInt8], _ count: Int, at start: Int
  ) {
    for row in 0..<count {
      let has = present.isEmpty || present[row] != 0
      if has && !Timestamp.range.contains(seconds[row]) { judge(row, .badTime) }
      set(start &+ row, UInt64(bitPattern: has ? seconds[row] : absentInt))
    }
  }
}

import InvBytes
import InvFormat
import InvSystem

/// Finds the point of the cube for each row of a block.
struct RowPoints {
  /// A dimension and where its values come from.
  private enum Axis {
    case state(Int?)
    case word(Int)
    case size(Int, bands: SizeBands)
    case age(Int, bands: AgeBands)
  }

  private let axes: [Axis]
  private var sizes: [Int]
  private var code: PointCode
  private(set) var table = PointTable()
  private var codes = [UInt64](repeating: 0, count: Container.objectRowsPerBlock)

  /// The axes of `dimensions` over the columns of `schema`.
  init(
    _ dimensions: [Dimension], schema: ObjectSchema, ageOf: PrefixSchema.AgeOf,
    sizeOf: PrefixSchema.SizeOf = .logical
  ) throws(Failure) {
    var axes: [Axis] = []
    for dimension in dimensions {
      switch dimension.axis {
      case .state: axes.append(.state(schema.place(.state)))
      case .word:
        guard let place = schema.place(dimension.name), schema.columns[place].type == .word else {
          throw Failure.usage("the rows have no column '\(dimension.name)' to go by")
        }
        axes.append(.word(place))
      case .band(let edges, unknown: false):
        guard let place = schema.place(sizeOf.column) else {
          throw Failure.usage("the rows have no column '\(sizeOf.column.rawValue)' to go by")
        }
        axes.append(.size(place, bands: SizeBands(edges)))
      case .band(let edges, unknown: true):
        guard let place = schema.place(ageOf.rawValue) else {
          throw Failure.usage("the rows have no column '\(ageOf.rawValue)' to tell the age by")
        }
        axes.append(.age(place, bands: AgeBands(edges)))
      }
    }
    self.axes = axes
    // Words make room as they come, so that many dimensions of few words fit into a code.
    sizes = dimensions.map { $0.size ?? 2 }
    code = try Self.code(sizes)
  }

  private static func code(_ sizes: [Int]) throws(Failure) -> PointCode {
    do throws(FormatError) { return try PointCode(sizes: sizes) } catch {
      throw Failure.data(error.what)
    }
  }

  /// Makes room for `count` words in the column at `place`.
  mutating func hold(_ count: Int, wordsAt place: Int) throws(Failure) {
    for (index, axis) in axes.enumerated() {
      guard case .word(place) = axis, count > sizes[index] else { continue }
      var wider = sizes
      while count > wider[index] { wider[index] *= 2 }
      let (old, new) = (code, try Self.code(wider))
      table.recode { Self.translate($0, from: old, to: new) }
      (sizes, code) = (wider, new)
    }
  }

  private static func translate(_ point: UInt64, from old: PointCode, to new: PointCode) -> UInt64 {
    var moved: UInt64 = 0
    for dimension in 0..<old.count {
      moved |= new.part(dimension, old.value(dimension, of: point))
    }
    return moved
  }

  /// Sets `points` to the points of some rows of `block`: that of row `rows[i]` at `i`.
  mutating func find(
    _ block: ObjectBlock, _ rows: [UInt32], _ count: Int, snapshot: Int64?,
    into points: inout [UInt32]
  ) {
    let payload = block.frame.payload
    for place in 0..<count { codes[place] = 0 }
    for (dimension, axis) in axes.enumerated() {
      switch axis {
      case .state(let place):
        guard let column = block.column(place) else { continue }
        for place in 0..<count {
          let value = column.value(Int(rows[place]), in: payload)
          codes[place] |= code.part(dimension, value)
        }
      case .word(let place):
        guard let column = block.column(place) else { continue }
        for place in 0..<count {
          let value = column.value(Int(rows[place]), in: payload)
          codes[place] |= code.part(dimension, value)
        }
      case .size(let place, let bands):
        guard let column = block.column(place) else { continue }
        for place in 0..<count {
          let value = column.value(Int(rows[place]), in: payload)
          codes[place] |= code.part(dimension, bands.band(value))
        }
      case .age(let place, let bands):
        guard let column = block.column(place) else { continue }
        for place in 0..<count {
          let time = column.signed(Int(rows[place]), in: payload, absent: absentInt)
          codes[place] |= code.part(dimension, bands.band(time, before: snapshot))
        }
      }
    }
    for place in 0..<count { points[place] = table.point(codes[place]) }
  }

  /// What the words and codes of the points become when the words are sorted.
  func ranked(_ schema: PrefixSchema, words: [[[UInt8]]]) throws(Failure)
    -> (schema: PrefixSchema, codes: [UInt64])
  {
    var schema = schema
    var ranks: [[UInt64]] = Array(repeating: [], count: axes.count)
    for (dimension, axis) in axes.enumerated() {
      guard case .word(let place) = axis else { continue }
      var isUsed = [Bool](repeating: false, count: words[place].count)
      for point in table.codes { isUsed[Int(code.value(dimension, of: point))] = true }
      let order = words[place].indices.filter { isUsed[$0] }.sorted {
        words[place][$0].lexicographicallyPrecedes(words[place][$1])
      }
      schema.words[dimension] = order.map { words[place][$0] }
      ranks[dimension] = [UInt64](repeating: 0, count: words[place].count)
      for (rank, index) in order.enumerated() { ranks[dimension][index] = UInt64(rank) }
    }
    let rankedCode = try Self.code(schema.sizes)
    let codes = table.codes.map { point in
      var ranked: UInt64 = 0
      for dimension in axes.indices {
        let value = code.value(dimension, of: point)
        let rank = ranks[dimension].isEmpty ? value : ranks[dimension][Int(value)]
        ranked |= rankedCode.part(dimension, rank)
      }
      return ranked
    }
    return (schema, codes)
  }

  /// Forgets the points.
  mutating func reset() { table.reset() }
}

/// Finds the band of a size.
struct SizeBands {
  private let edges: [UInt64]
  /// The band of the least number with so many bits.
  private let first: [UInt8]

  init(_ edges: [UInt64]) {
    self.edges = edges
    first = (0...64).map { bits in
      let least: UInt64 = bits == 0 ? 0 : 1 << UInt64(bits - 1)
      return UInt8((edges.lastIndex { $0 <= least }) ?? 0)
    }
  }

  @inline(__always)
  func band(_ size: UInt64) -> UInt64 {
    var band = Int(first[64 - size.leadingZeroBitCount])
    while band + 1 < edges.count, edges[band + 1] <= size { band += 1 }
    return UInt64(band)
  }
}

/// Finds the band of an age.
struct AgeBands {
  private let bands: [UInt8]
  private let unknown: UInt64
  private let last: UInt64

  init(_ edges: [UInt64]) {
    unknown = UInt64(edges.count)
    last = unknown - 1
    bands = (0..<(edges.last ?? 0)).map { day in UInt8((edges.lastIndex { $0 <= day }) ?? 0) }
  }

  /// The band of a time: whole days before the snapshot, what is later counting as none.
  @inline(__always)
  func band(_ time: Int64, before snapshot: Int64?) -> UInt64 {
    guard let snapshot, time != absentInt else { return unknown }
    let (age, overflow) = snapshot.subtractingReportingOverflow(time)
    if overflow { return time < 0 ? last : 0 }
    if age < 0 { return 0 }
    let day = age / 86_400
    return day < bands.count ? UInt64(bands[Int(day)]) : last
  }
}

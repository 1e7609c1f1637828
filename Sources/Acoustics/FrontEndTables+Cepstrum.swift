// Cepstral coefficients alone, of a model that has more: the work that every other front end does,
// for comparisons.

extension FrontEndTables {
  /// The same front end without extras.
  public var withoutExtras: FrontEndTables {
    var tables = self
    tables.definition.extras = .none
    tables.definition.runningMeans = 0
    return tables
  }
}

extension FeatureTables {
  /// The same map without any column behind the coefficients.
  public var coefficientsAlone: FeatureTables {
    var tables = self
    tables.directBands = 0
    tables.directCount = 0
    tables.runningMeans = 0
    tables.deltaCount = 0
    return tables
  }
}

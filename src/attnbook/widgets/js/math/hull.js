/** The convex hull of points in the plane: attnbook.widgets.alignment.convex_hull. */

/** The corners of the smallest convex region that holds all points, counterclockwise. @param {Matrix} points */
export function convexHull(points) {
  const ordered = [...points].sort(([a, b], [c, d]) => a - c || b - d)
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
  if (ordered.length < 3) return ordered;
  const chain = (candidates) => { // walks along the points and keeps only left turns
    const corners = [];
    for (const [x, y] of candidates) {
      while (corners.length > 1) {
        const [[a, b], [c, d]] = corners.slice(-2);
        if ((c - a) * (y - b) - (d - b) * (x - a) > 0) break;
        corners.pop();
      }
      corners.push([x, y]);
    }
    return corners.slice(0, -1);
  };
  return [...chain(ordered), ...chain([...ordered].reverse())];
}

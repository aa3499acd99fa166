/** Makes each vertex face where its triangles face on average, larger ones counting more. */
export function updateNormals(
  positions: Float32Array,
  indices: Uint16Array,
  normals: Float32Array,
  vertexCount: number,
  indexCount: number,
): void {
  normals.fill(0, 0, 3 * vertexCount);
  const at = (list: Float32Array, index: number) => list[index] ?? 0;
  for (let i = 0; i < indexCount; i += 3) {
    const [a, b, c] = [3 * (indices[i] ?? 0), 3 * (indices[i + 1] ?? 0), 3 * (indices[i + 2] ?? 0)];
    const [ax, ay, az] = [at(positions, a), at(positions, a + 1), at(positions, a + 2)];
    const [ux, uy, uz] = [at(positions, b) - ax, at(positions, b + 1) - ay, at(positions, b + 2) - az];
    const [vx, vy, vz] = [at(positions, c) - ax, at(positions, c + 1) - ay, at(positions, c + 2) - az];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const vertex of [a, b, c]) {
      normals[vertex] = at(normals, vertex) + nx;
      normals[vertex + 1] = at(normals, vertex + 1) + ny;
      normals[vertex + 2] = at(normals, vertex + 2) + nz;
    }
  }
  for (let i = 0; i < 3 * vertexCount; i += 3) {
    const length = Math.hypot(at(normals, i), at(normals, i + 1), at(normals, i + 2)) || 1;
    normals[i] = at(normals, i) / length;
    normals[i + 1] = at(normals, i + 1) / length;
    normals[i + 2] = at(normals, i + 2) / length;
  }
}

-- A signed media address asks every 20 seconds whether its material still plays in a published lesson.
create index publication_by_material on publication (material);
